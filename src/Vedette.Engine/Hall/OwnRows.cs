using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Hall;

/// <summary>Rows that a caller may have: of their own tenant, as the unit sees them. Those of another tenant are not there.</summary>
internal static class OwnRows
{
    /// <param name="needed">Without it the caller hears that, and not whether the row is there.</param>
    /// <param name="what">The field's word for the kind of row.</param>
    public static async ValueTask<Outcome<T>> Own<T>(this Unit unit, IStore store, Caller caller, Permissions needed, long id, string what)
        where T : class, INounRow
    {
        if (caller.Lacks(needed) is { } lacks)
        {
            return lacks;
        }

        return await unit.Find<T>(store, id) is { } row && row.TenantId == caller.TenantId ? row : NotFound(what);
    }

    public static Refusal NotFound(string what) => new(RefusalKind.NotFound, $"no_{what}", $"{what} item not found");
}
