using Microsoft.Data.Sqlite;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Storage.Sqlite;
using Vedette.Storage.Tables;

namespace Vedette.Storage.Tests;

public sealed class SqliteIndexTests : SqliteTest
{
    /// <summary>As it is asked for whenever an answer is lost, in a store where nearly all that was done only read.</summary>
    [Fact]
    public async Task TheNewestWriteOfAnAssetIsFoundByAnIndexOfTheWrites()
    {
        var question = new SqliteQueryText(Table.Of<ActionResultRow>()).Select(new Query
        {
            Where = Where.Is("AssetId", 4L) & Where.Is("Target", "servicenow:create ticket") & Where.Is("State", ActionState.Done) & new Compare("Reach", Comparison.GreaterOrEqual, Reach.Records),
            Order = [("Id", true)],
            Limit = 1,
        });
        await using var connection = new SqliteConnection($"Data Source={File};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(Ct);
        await using var plan = connection.CreateCommand();
        plan.CommandText = "EXPLAIN QUERY PLAN " + question.Sql;
        for (var i = 0; i < question.Parameters.Count; i++)
        {
            plan.Parameters.AddWithValue($"?{i + 1}", question.Parameters[i]);
        }

        var steps = new List<string>();
        await using var reader = await plan.ExecuteReaderAsync(Ct);
        while (await reader.ReadAsync(Ct))
        {
            steps.Add(reader.GetString(3));
        }

        Assert.Equal("SEARCH t0 USING INDEX action_result_writes_done (asset_id=? AND target=?)", Assert.Single(steps));
    }
}
