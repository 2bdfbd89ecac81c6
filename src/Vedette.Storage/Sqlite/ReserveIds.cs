using Vedette.Engine.Storage;

namespace Vedette.Storage.Sqlite;

/// <summary>The store's own write: moves the end of a kind's ids on disk.</summary>
internal sealed record ReserveIds(string Name, long Count) : Write
{
    /// <summary>The first id of the block, once the unit was applied.</summary>
    public long First { get; set; }
}
