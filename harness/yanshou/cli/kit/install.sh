#!/bin/sh
# 离线安装，不联网 / Installs yanshou without a network:  sh install.sh [FOLDER]
# FOLDER: 新的安装目录 / a new folder, default ~/yanshou.  PYTHON=...: the Python 3.11 to use.
set -eu
kit=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
into=${1:-"$HOME/yanshou"}
python=${PYTHON:-python3.11}
fail() {
  printf '%s\n' "$2" >&2
  exit "$1"
}
case $into in /*) ;; *) into=$PWD/$into ;; esac
cd "$kit"
sha256sum --check --strict --quiet MANIFEST.sha256 >&2 ||
  fail 1 "安装包文件与清单不符，未安装 / the kit is not as it was made: nothing was installed"
"$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null ||
  fail 2 "需要 Python 3.11 / Python 3.11 is needed: PYTHON=/path/to/python3.11 sh install.sh"
[ ! -e "$into" ] || fail 2 "目录已存在 / this folder is there already: $into"
"$python" -m venv "$into" || fail 2 "不能建立虚拟环境 / no virtual environment can be made (Debian: python3.11-venv)"
export PIP_CONFIG_FILE=/dev/null
"$into/bin/python" -m pip --isolated --disable-pip-version-check install --quiet --no-index \
  --find-links wheels --only-binary :all: --require-hashes --requirement linux.txt ||
  fail 1 "安装失败 / the packages were not installed"
"$into/bin/python" -m yanshou.reports.allure_setup --from allure.zip
printf '%s\n' "已安装 / installed: $into/bin/yanshou"
