using System.CommandLine;
using System.Text.Json.Nodes;
using Vedette.Remote;
using Vedette.Server.Hosting;
using Vedette.Settings;
using Vedette.Storage;

namespace Vedette.Commands;

/// <summary><c>vedette second-factor</c>: codes that are asked for beside the password.</summary>
internal static class SecondFactorCommand
{
    public static Command Make() => new ToldCommand("second-factor", """
        A second factor: a code from an authenticator app, asked for beside the password.

        Example: vedette second-factor set-up --user alice
        """) { SetUp(), Remove() };

    private static Command SetUp()
    {
        var command = new ToldCommand("set-up", $"""
            Draws a key for you, shows it once, and takes a first code of it.
            {RemoteOptions.HelpInPerson}
            From then on every sign-in with your password needs a code; tokens need none.

            Example: vedette second-factor set-up --user alice
            """);
        var remote = RemoteOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using var server = remote.Open(parsed, inPerson: true);
            var key = await server.Post("/rest/second_factor", [], ct);
            Console.WriteLine($"Key for the authenticator app, shown once: {key.GetProperty("secret").GetString()}\n{key.GetProperty("uri").GetString()}");
            await server.Post("/rest/second_factor/confirm", new JsonObject { ["code"] = PasswordPrompt.Ask("The code it shows now: ") }, ct);
            Console.WriteLine("The second factor is set up.");
            return 0;
        });
        return command;
    }

    private static Command Remove()
    {
        var name = new Argument<string>("USER") { Description = "Whose" };
        var data = new Option<string?>("--data") { Description = "The data folder [default: VEDETTE_DATA, else the folder serve takes]", HelpName = "DIR" };
        var command = new ToldCommand("remove", """
            Removes somebody's second factor in the store itself, where no server runs.
            For who has lost the device and has nobody to ask. While a server runs, who may edit users removes it: DELETE /rest/ph_user/N/second_factor.

            Example: vedette second-factor remove admin --data /var/lib/vedette
            """) { name, data };
        command.SetAction(async (parsed, ct) =>
        {
            var folder = Path.GetFullPath(parsed.GetValue(data) ?? Environment.GetEnvironmentVariable("VEDETTE_DATA") ?? AllSettings.DefaultDataFolder);
            if (StorePlace.IsInUse(folder))
            {
                throw new CommandException($"A server runs with {folder}: end it, or have somebody who may edit users remove it.");
            }

            await OfflineStore.RemoveSecondFactor(new ServerOptions { DataFolder = folder, Store = StoreOfFolder.Place(folder).Database }, parsed.GetValue(name)!, $"vedette second-factor by {Environment.UserName} on the data folder", ct);
            Console.WriteLine($"The second factor of {parsed.GetValue(name)} is removed.");
            return 0;
        });
        return command;
    }
}
