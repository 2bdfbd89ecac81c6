using System.Text;

namespace Vedette.Remote;

/// <summary>Asks for a password without showing it; from a pipe it takes a line.</summary>
internal static class PasswordPrompt
{
    public static string Ask(string question)
    {
        if (Console.IsInputRedirected)
        {
            return Console.In.ReadLine() ?? throw new CommandException("A password is needed: run this in a terminal, or write it to standard input.");
        }

        Console.Error.Write(question);
        var typed = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            switch (key)
            {
                case { Key: ConsoleKey.Enter }:
                    Console.Error.WriteLine();
                    return typed.ToString();
                case { Key: ConsoleKey.Backspace }:
                    typed.Length = Math.Max(0, typed.Length - 1);
                    break;
                case { KeyChar: not '\0' }:
                    typed.Append(key.KeyChar);
                    break;
            }
        }
    }
}
