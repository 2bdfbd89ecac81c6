using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Vedette.Remote;
using Vedette.Terminal;

namespace Vedette.Commands;

/// <summary><c>vedette outcomes</c>: calls of which nobody knows whether they happened.</summary>
internal static class OutcomesCommand
{
    private static readonly Dictionary<string, string> Words = new() { ["happened"] = "happened", ["do-it"] = "do_it", ["leave-it"] = "leave_it" };

    public static Command Make() => new ToldCommand("outcomes", """
        Actions that were sent and never answered, where looking did not show what became of them. They are never sent again by
        themselves: look in the other system, then say what is so.

        Example: vedette outcomes list --user alice
        """) { List(), Say() };

    private static Command List()
    {
        var json = new Option<bool>("--json") { Description = "The records as JSON, for machines" };
        var command = new ToldCommand("list", $"""
            Lists the actions whose outcome is in doubt, oldest first.
            {RemoteOptions.Help}

            Example: vedette outcomes list --user alice
            """) { json };
        var remote = RemoteOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using var server = remote.Open(parsed);
            var open = (await server.Get("/rest/action_run?_filter_status=\"running\"&_filter_message__startswith=\"Outcome unknown\"&page_size=0&sort=id&order=asc", ct)).GetProperty("data");
            if (parsed.GetValue(json))
            {
                Console.WriteLine(open.GetRawText());
                return 0;
            }

            if (open.GetArrayLength() == 0)
            {
                Console.WriteLine("No outcome is in doubt.");
            }

            foreach (var action in open.EnumerateArray())
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{action.GetProperty("id").GetInt64(),5}  event {action.GetProperty("container")}, run {action.GetProperty("playbook_run")}, since {action.GetProperty("update_time").GetString()}"));
                Console.WriteLine($"       {SafeText.Of(action.GetProperty("action").GetString()!)}: {SafeText.Of(action.GetProperty("message").GetString()!)}");
            }

            return 0;
        });
        return command;
    }

    private static Command Say()
    {
        var id = new Argument<long>("ID") { Description = "Number of the action run, as list shows it" };
        var word = new Argument<string>("WORD") { Description = "happened: it has succeeded, the run goes on without data of it; do-it: it is sent once more; leave-it: it has failed" };
        word.AcceptOnlyFromAmong([.. Words.Keys]);
        var message = new Option<string>("--message") { Description = "What is to be on record with it", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var command = new ToldCommand("say", $"""
            Says what became of an action whose outcome is in doubt; the run goes on at once.
            {RemoteOptions.HelpInPerson}
            The first word counts; who comes later is told so.

            Example: vedette outcomes say 12 happened --message "INC0010023" --user alice
            """) { id, word, message };
        var remote = RemoteOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using var server = remote.Open(parsed, inPerson: true);
            var number = parsed.GetValue(id).ToString(CultureInfo.InvariantCulture);
            await server.Post($"/rest/action_run/{number}", new JsonObject { ["outcome"] = Words[parsed.GetValue(word)!], ["message"] = parsed.GetValue(message) }, ct);
            Console.WriteLine($"Action run {number}: {parsed.GetValue(word)}. The run goes on.");
            return 0;
        });
        return command;
    }
}
