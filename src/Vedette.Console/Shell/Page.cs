using Microsoft.AspNetCore.Components;
using Vedette.Console.Live;
using Vedette.Console.Reading;
using Vedette.Console.SignIn;
using Vedette.Engine.Storage;

namespace Vedette.Console.Shell;

/// <summary>What every page has at hand, and what ends with it.</summary>
public abstract class Page : ComponentBase, IDisposable
{
    private readonly List<IDisposable> _ends = [];

    [Inject]
    private protected Reader Reader { get; set; } = null!;

    [Inject]
    private protected Acts Acts { get; set; } = null!;

    [Inject]
    private protected People People { get; set; } = null!;

    [Inject]
    private protected Feed Feed { get; set; } = null!;

    [Inject]
    private protected Keys Keys { get; set; } = null!;

    [Inject]
    private protected Toasts Toasts { get; set; } = null!;

    [Inject]
    private protected Browser Browser { get; set; } = null!;

    [Inject]
    private protected Seat Seat { get; set; } = null!;

    [Inject]
    private protected TimeProvider Clock { get; set; } = null!;

    [Inject]
    private protected NavigationManager Nav { get; set; } = null!;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        foreach (var end in _ends)
        {
            end.Dispose();
        }
    }

    /// <summary>Ends with the page.</summary>
    private protected void With(IDisposable end) => _ends.Add(end);

    /// <summary>Reads and draws when what the page shows has changed; from here on, if the page is alive at all (not while it is drawn on the server first).</summary>
    private protected void Follow(Func<Touch, bool> concerns, Func<IReadOnlyCollection<Touch>, Task> draw)
    {
        if (RendererInfo.IsInteractive)
        {
            With(Feed.Subscribe(concerns, touches => InvokeAsync(() => draw(touches))));
        }
    }

    /// <summary>Hears keys until the page goes. The handler says whether the key was meant for it.</summary>
    private protected void Listen(Func<string, Task<bool>> handler)
    {
        if (RendererInfo.IsInteractive)
        {
            With(Keys.Listen(async key =>
            {
                var taken = false;
                await InvokeAsync(async () =>
                {
                    taken = await handler(key);
                    if (taken)
                    {
                        StateHasChanged();
                    }
                });
                return taken;
            }));
        }
    }
}
