using System.CommandLine;
using System.Text.Json.Nodes;
using Vedette.Remote;

namespace Vedette.Commands;

/// <summary><c>vedette password</c>: changes one's own, the first one above all.</summary>
internal static class PasswordCommand
{
    public static Command Make()
    {
        var command = new ToldCommand("password", """
            Changes a person's own password. The first one, made up at the first start, has to be changed before anything else.
            The old one and the new one are asked for, or read as two lines from standard input.

            Example: vedette password --user admin
            """);
        var remote = RemoteOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using var server = remote.Open(parsed, inPerson: true);
            var next = PasswordPrompt.Ask("New password: ");
            if (!Console.IsInputRedirected && PasswordPrompt.Ask("Once more: ") != next)
            {
                throw new CommandException("The two are not the same; nothing was changed.");
            }

            await server.Post("/rest/password", new JsonObject { ["old_password"] = server.Password, ["new_password"] = next }, ct);
            Console.WriteLine("The password is changed.");
            return 0;
        });
        return command;
    }
}
