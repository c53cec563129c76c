# 离线安装，不联网 / Installs yanshou without a network:  install.cmd [FOLDER]
param([string]$Into = (Join-Path $env:LOCALAPPDATA 'yanshou-venv'))
$ErrorActionPreference = 'Stop'
function Fail($code, $text) {
  [Console]::Error.WriteLine($text)
  exit $code
}
$Into = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Into)
Set-Location -LiteralPath $PSScriptRoot
foreach ($line in (Get-Content -Encoding UTF8 MANIFEST.sha256)) {
  $digest, $name = $line -split '  ', 2
  if (-not (Test-Path -LiteralPath $name)) { Fail 1 "安装包缺少文件，未安装 / missing, nothing was installed: $name" }
  if ((Get-FileHash -LiteralPath $name -Algorithm SHA256).Hash -ne $digest) {
    Fail 1 "安装包文件与清单不符，未安装 / changed, nothing was installed: $name"
  }
}
if (Test-Path -LiteralPath $Into) { Fail 2 "目录已存在 / this folder is there already: $Into" }
if (-not (Get-Command py -ErrorAction SilentlyContinue)) { Fail 2 '需要 Python 3.11 / Python 3.11 is needed (py.exe)' }
py -3.11 -m venv $Into
if ($LASTEXITCODE) { Fail 2 '需要 Python 3.11（64 位） / Python 3.11, 64 bit, is needed' }
$env:PIP_CONFIG_FILE = 'nul'
$python = Join-Path $Into 'Scripts\python.exe'
& $python -m pip --isolated --disable-pip-version-check install --quiet --no-index `
  --find-links wheels --only-binary :all: --require-hashes --requirement windows.txt
if ($LASTEXITCODE) { Fail 1 '安装失败 / the packages were not installed' }
& $python -m yanshou.reports.allure_setup --from allure.zip
if ($LASTEXITCODE) { Fail 1 'Allure 报告生成器未安装 / the Allure generator was not installed' }
Write-Output "已安装 / installed: $(Join-Path $Into 'Scripts\yanshou.exe')"
