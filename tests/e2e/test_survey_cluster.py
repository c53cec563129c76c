# SPDX-License-Identifier: Apache-2.0
"""The survey by Dask: the same results as on one host, nothing lost with a worker, no password on the way."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import json
import os
import pickle
import signal
from pathlib import Path

import pytest

pytest.importorskip("distributed")
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from distributed import LocalCluster, Security

from tests.support import fleet_site
from tests.support.canned_fleet import FleetThread, Manner
from yanshou.fleet.cluster import Tls, ask_all_on
from yanshou.fleet.result import steady
from yanshou.fleet.settings import Settings
from yanshou.fleet.subjects import batches
from yanshou.fleet.survey import Survey
from yanshou.fleet.threads import ask_all
from yanshou.model import RigFault, UsageError
from yanshou.site import load_site

KEYS = "stream_s = 0\ntimeout_s = 3.0\nclock_offset_s = 2.0"


def certificates(folder: Path) -> Tls:
    """An authority, and one certificate for scheduler, workers and client."""
    folder.mkdir(exist_ok=True)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca = _signed("authority", ca_key, None, ca_key)
    cert = _signed("127.0.0.1", key, ca, ca_key)
    made = Tls(folder / "ca.pem", folder / "cert.pem", folder / "key.pem")
    made.ca.write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    made.cert.write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    made.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return made


def _signed(name, key, issuer, issuer_key):
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if issuer is not None:
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


@contextlib.contextmanager
def cluster(tls: Tls, **options):
    """A scheduler and two workers of one thread each, encrypted."""
    files = {"tls_ca_file": str(tls.ca)}
    for role in ("client", "worker", "scheduler"):
        files |= {f"tls_{role}_cert": str(tls.cert), f"tls_{role}_key": str(tls.key)}
    security = Security(require_encryption=True, **files)
    with LocalCluster(
        n_workers=2,
        processes=True,
        threads_per_worker=1,
        protocol="tls://",
        security=security,
        dashboard_address="127.0.0.1:0",
        host="127.0.0.1",
        **options,
    ) as made:
        yield made


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    return certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def workers(tls):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(fleet_site.SECRET_VARIABLE, fleet_site.SECRET)
        with cluster(tls, resources={"vlan:east": 1}) as made:
            yield made


@pytest.fixture(autouse=True)
def _password(monkeypatch):
    monkeypatch.setenv(fleet_site.SECRET_VARIABLE, fleet_site.SECRET)


def opened(folder: Path, name: str, listed, settings=None, **more) -> Survey:
    site = load_site(fleet_site.site_folder(folder / "site", listed, KEYS, **more), same_address=True)
    return Survey.open(folder / name, site, settings or Settings.of(site))


def bytes_of(survey: Survey) -> bytes:
    return json.dumps([steady(one) for one in survey.results()], ensure_ascii=False).encode()


def test_both_engines_give_the_same_results_to_the_byte_and_the_task_holds_no_password(
    tmp_path, tls, workers
):
    behaviour = {3: Manner.WRONG_PASSWORD, 5: Manner.DEAD, 8: Manner.ENTITY_BOMB}
    listed = fleet_site.cameras(60, behaviour, C0020=300.0)
    with FleetThread(fleet_site.fleet(listed)) as fleet:
        alone = opened(tmp_path, "alone", listed)
        with alone:
            ask_all(alone.waiting, alone.settings, alone.site.folder, alone.keep)
        first = fleet.counts()
        spread = opened(tmp_path, "spread", listed, alone.settings)
        with spread:
            ask_all_on(
                workers.scheduler_address,
                tls,
                spread.waiting,
                spread.settings,
                spread.site.folder,
                spread.keep,
                size=10,
            )
        both = fleet.counts()
    assert bytes_of(spread) == bytes_of(alone)
    hosts = {one["asked"]["by"] for one in spread.results()}
    assert len(hosts) == 2
    assert both["C0003"]["refused"] - first["C0003"]["refused"] == 1
    for _, batch in batches(spread.subjects):
        assert fleet_site.SECRET.encode() not in pickle.dumps((batch, spread.settings))
    assert fleet_site.SECRET not in str(workers.get_logs())


def test_a_worker_that_asks_takes_no_statistics_of_its_threads(workers):
    """On CPython 3.11 taking them while threads begin and end stops the worker for ever (gh-106883)."""
    client = workers.get_client()
    running = client.run(lambda dask_worker: dask_worker.periodic_callbacks["profile"].is_running())
    assert list(running.values()) == [False, False]


def test_a_worker_killed_in_the_middle_loses_nothing(tmp_path, tls, workers):
    listed = fleet_site.cameras(60)
    killed: list[int] = []

    with FleetThread(fleet_site.fleet(listed, 0.02)):
        survey = opened(tmp_path, "survey", listed)
        with survey:

            def keep(result):
                survey.keep(result)
                if not killed:  # the other worker is in the middle of its batch now
                    killed.append(
                        next(pid for pid in _pids(workers) if not result["asked"]["by"].endswith(str(pid)))
                    )
                    os.kill(killed[0], signal.SIGKILL)

            ask_all_on(
                workers.scheduler_address,
                tls,
                survey.waiting,
                survey.settings,
                survey.site.folder,
                keep,
                size=10,
            )
    assert killed
    assert [one["state"] for one in survey.results()] == ["asked"] * 60


def _pids(made) -> list[int]:
    return [worker.pid for worker in made.workers.values()]


def test_a_network_goes_to_a_worker_that_offers_it_and_one_nobody_offers_is_told(tmp_path, tls, workers):
    listed = fleet_site.cameras(4)
    networks = {"C0000": "vlan=east", "C0001": "vlan=west", "C0002": "vlan=east"}
    with FleetThread(fleet_site.fleet(listed)):
        survey = opened(tmp_path, "survey", listed, attributes=networks)
        with survey:
            ask_all_on(
                workers.scheduler_address,
                tls,
                survey.waiting,
                survey.settings,
                survey.site.folder,
                survey.keep,
                patience_s=1.0,
            )
    reported = {one["device"]: (one["state"], one["why"]) for one in survey.results()}
    assert reported["C0001"] == ("not_asked", "no worker offers vlan:west")
    assert [reported[name][0] for name in ("C0000", "C0002", "C0003")] == ["asked"] * 3


def test_only_encrypted_schedulers_are_talked_to(tls):
    with pytest.raises(UsageError, match="not encrypted"):
        ask_all_on("tcp://192.0.2.7:8786", None, [], _settings(), Path(), print)
    with pytest.raises(UsageError, match="go together"):
        ask_all_on("tls://127.0.0.1:8786", None, [], _settings(), Path(), print)


def test_certificates_of_another_authority_are_refused(tmp_path, workers):
    with pytest.raises(RigFault, match="does not answer"):
        ask_all_on(
            workers.scheduler_address, certificates(tmp_path / "other"), [], _settings(), Path(), print
        )


def _settings() -> Settings:
    return Settings("2026-11-24T00:00:00+00:00", "1", "Asia/Shanghai", emulated=False)
