using System.CommandLine;
using System.Text.Json;
using Vedette.Server.Doctor;
using Vedette.Settings;

namespace Vedette.Commands;

/// <summary><c>vedette doctor</c>: what is there, what is missing, and what to do.</summary>
internal static class DoctorCommand
{
    public static Command Make()
    {
        var json = new Option<bool>("--json") { Description = "One line of JSON, for machines" };
        var command = new ToldCommand("doctor", """
            Looks at all that Vedette needs on this machine: Python, the sandbox (tried as the server tries it), the store, the key, the
            certificate, the ports and the clock. Takes the same settings as serve, changes nothing, and may run beside a server.
            Ends with 0 when all is well and with 1 when something stops Vedette or its playbooks from running.

            Example: vedette doctor --data /var/lib/vedette
            """) { json };
        var settings = SettingsOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var findings = await Examination.Of(settings.Read(parsed).Options, TimeProvider.System, ct);
            var well = !findings.Any(finding => finding.Health == Health.Stops);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(new { well, findings = findings.Select(finding => new { area = finding.Area, state = Word(finding.Health), message = finding.Sentence }) }));
                return well ? 0 : 1;
            }

            foreach (var finding in findings)
            {
                Console.WriteLine($"{Word(finding.Health),-5}  {finding.Area,-11}  {finding.Sentence}");
            }

            Console.WriteLine(well ? "All is well." : "Something stops Vedette from running: see the lines that begin with FIX.");
            return well ? 0 : 1;
        });
        return command;
    }

    private static string Word(Health health) => health switch
    {
        Health.Good => "ok",
        Health.Look => "look",
        _ => "FIX",
    };
}
