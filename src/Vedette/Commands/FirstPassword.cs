namespace Vedette.Commands;

/// <summary>Tells the password made up at the first start, once: on a terminal, else in a file for its owner only. Never in a log.</summary>
internal static class FirstPassword
{
    public static async Task Tell(string password, string folder)
    {
        if (!Console.IsOutputRedirected)
        {
            Console.WriteLine($"First sign-in: user admin, password {password} (shown once; change it)");
            return;
        }

        var file = Path.Combine(folder, "first-password");
        await using var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        await using var writer = new StreamWriter(stream);
        await writer.WriteLineAsync(password);
        Console.WriteLine($"First sign-in: user admin, password in {file}. Change it and remove the file.");
    }
}
