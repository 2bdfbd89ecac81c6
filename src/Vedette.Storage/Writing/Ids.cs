using Vedette.Storage.Tables;

namespace Vedette.Storage.Writing;

/// <summary>Ids of one table, from blocks reserved on disk. The next block is asked for when half of one is gone, so that nobody waits.</summary>
internal sealed class Ids(Table table, IUnitWriter writer)
{
    private const long BlockSize = 1000;
    private readonly Lock _lock = new();
    private long _next;
    private long _end;
    private Reservation? _coming;

    public long Next()
    {
        lock (_lock)
        {
            if (_next == _end)
                Take();
            if (_coming is null && _end - _next <= BlockSize / 2)
                _coming = writer.ReserveIds(table.Name, BlockSize);
            return _next++;
        }
    }

    private void Take()
    {
        // Asked for ahead, it may have failed on a disk that has room again by now.
        var coming = _coming is { Failed: false } ahead ? ahead : writer.ReserveIds(table.Name, BlockSize);
        // If this fails too, the next asks again.
        _coming = null;
        // The interface answers at once; this waits for a commit, and only before the first id and when 500 were taken faster than one.
        _next = coming.First();
        _end = _next + BlockSize;
    }
}
