using System.ComponentModel;
using System.Diagnostics;

namespace Vedette.Workers;

/// <summary>Tells an interpreter that cannot be used from a start that failed for another reason.</summary>
internal static class PythonFault
{
    /// <summary>How the zygote ends when it finds itself in an interpreter that is too old.</summary>
    private const int TooOld = 39;

    private const string HowToGetIt = "Playbooks need Python 3.9 or newer: install it (Debian, Ubuntu: sudo apt-get install python3; Red Hat: sudo dnf install python3.11), or name another with --python PATH.";

    public static string? Of(string python, Exception error, Process? process, string said) =>
        error is Win32Exception ? File.Exists(python) ? $"{python} cannot be started: {error.Message}. {HowToGetIt}" : $"There is no Python at {python}. {HowToGetIt}"
        : process is { HasExited: true, ExitCode: TooOld } ? $"The Python at {python} is {said}. {HowToGetIt}"
        : null;
}
