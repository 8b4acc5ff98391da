#!/usr/bin/env bash
# Prints the figures the README quotes, each as a ratio against something measured in the same run.
#   run.sh                    everything
#   run.sh cold-start         first response of a cold start against the bare Blazor template
#   run.sh security-center    the list of bindings among 1,000 and among 100,000 accounts
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
dotnet build UnbindPortal.Tests -c Release --nologo -v q
exec dotnet UnbindPortal.Tests/bin/Release/net10.0/UnbindPortal.Tests.dll "$@"
