using System.Text;
using Vedette.Server.Hosting;

namespace Vedette.Commands;

/// <summary>Tells the password made up at the first start, once: on a terminal, else in a file for its owner only. Never in a log.</summary>
internal static class FirstPassword
{
    public static async Task Tell(string password, string folder)
    {
        if (!Console.IsOutputRedirected)
        {
            Console.WriteLine($"First sign-in: user admin, password {password} (shown once). Change it before anything else: vedette password");
            return;
        }

        var file = Path.Combine(folder, "first-password");
        PrivateFile.Write(file, Encoding.UTF8.GetBytes(password + Environment.NewLine));
        await Console.Out.WriteLineAsync($"First sign-in: user admin, password in {file}. Change it before anything else (vedette password), then remove the file.");
    }
}
