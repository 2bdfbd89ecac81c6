using Microsoft.Data.Sqlite;
using Vedette.Storage.Tables;

namespace Vedette.Storage.Sqlite;

/// <summary>What queries need and the database does not have: case folding beyond ASCII, and regular expressions.</summary>
internal static class Functions
{
    public const string Fold = "vedette_fold";
    public const string Matches = "vedette_matches";

    public static void Register(SqliteConnection connection)
    {
        connection.CreateFunction<string?, string?>(Fold, static text => text?.ToLowerInvariant(), isDeterministic: true);
        connection.CreateFunction<string?, string, bool, bool?>(
            Matches,
            static (text, pattern, ignoreCase) => text is null ? null : Patterns.Of(pattern, ignoreCase).IsMatch(text),
            isDeterministic: true);
    }
}
