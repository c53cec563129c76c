@echo off
rem Installs yanshou without a network:  install.cmd [FOLDER]
powershell -NoProfile -ExecutionPolicy Bypass -File "%~dp0install.ps1" %*
exit /b %errorlevel%
