@echo off
rem Makes .venv on first use, then hands straight over to the command line.
rem "gonghui test" adds what the tests need and runs the whole suite.
setlocal
chcp 65001 >nul
set "PYTHONUTF8=1"
set "here=%~dp0"
set "python=%here%.venv\Scripts\python.exe"
if /i "%~1"=="test" goto test
if exist "%here%.venv\ready" goto run
if exist "%here%.venv\ready-dev" goto run
call :install ready .
if errorlevel 1 exit /b 1

:run
"%python%" -m assistant.cli %*
exit /b %errorlevel%

:test
if not exist "%here%.venv\ready-dev" call :install ready-dev .[dev]
if errorlevel 1 exit /b 1
pushd "%here%"
"%python%" -m pytest
set "code=%errorlevel%"
popd
exit /b %code%

:install
if exist "%python%" goto packages
set "base="
for %%P in ("py -3.13" "py -3.12" "py -3.11" "python" "python3") do call :try %%~P
if not defined base (
  echo 没有找到 Python 3.11 或更新的版本，请先从应用商店或安装包安装 Python，再运行一次。 1>&2
  exit /b 1
)
echo 首次使用，正在准备运行环境…… 1>&2
%base% -m venv "%here%.venv"
if not exist "%python%" (
  echo 建立运行环境失败，请把程序放到有写入权限、空间在 4 GB 以上的文件夹再试。 1>&2
  exit /b 1
)
:packages
echo 正在安装所需组件，需要几分钟，可随时中断，再次运行会接着装…… 1>&2
pushd "%here%"
"%python%" -m pip install --disable-pip-version-check -c constraints.txt --config-settings editable_mode=compat -e %2
set "code=%errorlevel%"
popd
if not "%code%"=="0" (
  echo 安装没有完成，请检查网络和磁盘空间后再运行一次；没有网络的电脑请按 README 离线安装。 1>&2
  exit /b 1
)
type nul > "%here%.venv\%~1"
echo 安装完成。 1>&2
exit /b 0

:try
if defined base exit /b 0
%* -c "import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))" >nul 2>nul
if not errorlevel 1 set "base=%*"
exit /b 0
