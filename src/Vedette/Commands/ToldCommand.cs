using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text;

namespace Vedette.Commands;

/// <summary>A command with more to say than a line: its first sentence stands in lists, the rest and an example in its own help.</summary>
internal sealed class ToldCommand(string name, string text) : Command(name, FirstSentence(text))
{
    private const int Width = 110;

    private string More { get; } = Wrapped(text[(FirstEnd(text) + 1)..].Trim());

    /// <summary>Has the help of every command under the root tell all of it.</summary>
    public static void TellAll(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new Help((HelpAction)help.Action!);
    }

    /// <summary>Its paragraphs, each in lines as long as may be.</summary>
    private static string Wrapped(string text)
    {
        var wrapped = new StringBuilder();
        foreach (var paragraph in text.ReplaceLineEndings("\n").Split("\n\n"))
        {
            var column = 0;
            foreach (var word in paragraph.Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries))
            {
                wrapped.Append(column == 0 ? "" : column + 1 + word.Length > Width ? "\n" : " ").Append(word);
                column = column + 1 + word.Length > Width ? word.Length : column + 1 + word.Length;
            }

            wrapped.Append("\n\n");
        }

        return wrapped.ToString().TrimEnd();
    }

    private static string FirstSentence(string text) => text[..(FirstEnd(text) + 1)].ReplaceLineEndings(" ");

    private static int FirstEnd(string text) => Enumerable.Range(0, text.Length - 1).First(at => text[at] == '.' && char.IsWhiteSpace(text[at + 1]));

    private sealed class Help(HelpAction plain) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var status = plain.Invoke(parseResult);
            if (parseResult.CommandResult.Command is ToldCommand told)
            {
                parseResult.InvocationConfiguration.Output.WriteLine(told.More);
            }

            return status;
        }
    }
}
