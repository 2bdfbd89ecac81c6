using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace Vedette.Console.SignIn;

/// <summary>
/// All open circuits. While there are any, each is asked every two seconds whether who opened it is still signed in and may still do
/// the same; where not, the circuit ends: the page is told, its socket is cut, and nothing it still sends is taken.
/// </summary>
internal sealed class Seats(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Seat, (Permissions May, string Cookie)> _taken = new();
    private readonly ConcurrentDictionary<HttpContext, string> _lines = new();
    private readonly SemaphoreSlim _one = new(1, 1);
    private ITimer? _timer;

    public int Count => _taken.Count;

    public async Task Take(Seat seat)
    {
        if ((await seat.Who()).Ok(out var caller, out _))
        {
            _taken[seat] = (caller.May, await seat.Cookie());
            _timer ??= time.CreateTimer(_ => _ = Look(), null, LookEvery, LookEvery);
        }
        else
        {
            seat.End();
        }
    }

    public void Leave(Seat seat)
    {
        _taken.TryRemove(seat, out _);
        if (_taken.IsEmpty)
        {
            Interlocked.Exchange(ref _timer, null)?.Dispose();
        }
    }

    /// <summary>Remembers a socket for as long as it is open.</summary>
    public IDisposable Hold(string cookie, HttpContext line)
    {
        _lines[line] = cookie;
        return new Line(() => _lines.TryRemove(line, out _));
    }

    public async Task Look()
    {
        if (!await _one.WaitAsync(0))
        {
            return;
        }

        try
        {
            foreach (var (seat, (may, cookie)) in _taken)
            {
                if (!(await seat.Who()).Ok(out var now, out _) || now.May != may)
                {
                    seat.End();
                    _taken.TryRemove(seat, out _);
                    _ = Cut(cookie);
                }
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _one.Dispose();
    }

    /// <summary>After a moment in which the page can still be told.</summary>
    private async Task Cut(string cookie)
    {
        await Task.Delay(TimeSpan.FromSeconds(1), time);
        foreach (var (line, of) in _lines)
        {
            if (of == cookie)
            {
                line.Abort();
            }
        }
    }

    private sealed class Line(Action gone) : IDisposable
    {
        public void Dispose() => gone();
    }
}
