using System.Globalization;
using Vedette.Server.Hosting;

namespace Vedette.Faults;

/// <summary>The server as a process of its own, which ends itself where it is told to on its input.</summary>
internal static class Node
{
    public const string Listens = "listens ";
    public const string Armed = "armed";
    public const string Committing = "commit ";

    public static async Task Run(string folder, Uri lab, string? store)
    {
        HaltingStore? halting = null;
        await using var server = await VedetteServer.Start(new ServerOptions
        {
            DataFolder = folder,
            Urls = "http://127.0.0.1:0",
            Lab = lab,
            Store = store is null ? null : Storage.PostgresAddress.Parse(store),
            AutomationToken = Environment.GetEnvironmentVariable("VEDETTE_AUTOMATION_TOKEN"),
            AdminPassword = Environment.GetEnvironmentVariable("VEDETTE_ADMIN_PASSWORD"),
            LogLevel = "None",
            Around = inner => halting = new HaltingStore(inner),
        });
        Console.WriteLine($"{Listens}{server.Url}");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            // "arm 7 after", "arm 7 before", "arm never after"
            var words = line.Split(' ');
            halting!.Arm(int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var commit) ? commit : null, words[2] == "after");
            Console.WriteLine(Armed);
        }
    }
}
