using Spectre.Console;

namespace Vedette.Terminal;

/// <summary>Shows a run as it happens: a live tree in a terminal, plain lines elsewhere. Ends when the events end.</summary>
sealed class RunScreen(IAnsiConsole console, TextWriter lines)
{
    internal async Task<RunPicture> ShowAsync(IAsyncEnumerable<RunEvent> events, CancellationToken cancel)
    {
        var picture = new RunPicture();
        if (!console.Profile.Out.IsTerminal || !console.Profile.Capabilities.Ansi)
        {
            await foreach (var told in events.WithCancellation(cancel))
            {
                picture.Take(told);
                await lines.WriteLineAsync(PlainLines.Of(told).AsMemory(), cancel);
            }

            return picture;
        }

        await console.Live(RunTree.Of(picture)).StartAsync(async live =>
        {
            await foreach (var told in events.WithCancellation(cancel))
            {
                picture.Take(told);
                live.UpdateTarget(RunTree.Of(picture));
            }
        });
        return picture;
    }
}
