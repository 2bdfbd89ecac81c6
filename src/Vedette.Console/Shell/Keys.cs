using Microsoft.JSInterop;

namespace Vedette.Console.Shell;

/// <summary>Keys pressed outside of fields, brought to who listens: the newest first, until somebody takes it.</summary>
public sealed class Keys
{
    private readonly List<Func<string, Task<bool>>> _listeners = [];

    /// <param name="listener">Gets the key, e.g. <c>j</c>, <c>Shift+J</c>, <c>g e</c>, <c>Ctrl+K</c>, and says whether it took it.</param>
    public IDisposable Listen(Func<string, Task<bool>> listener)
    {
        _listeners.Add(listener);
        return new Listening(() => _listeners.Remove(listener));
    }

    [JSInvokable]
    public async Task Pressed(string key)
    {
        foreach (var listener in _listeners.AsEnumerable().Reverse().ToList())
        {
            if (await listener(key))
            {
                return;
            }
        }
    }

    private sealed class Listening(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
