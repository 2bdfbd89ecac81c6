using System.Reflection;
using Vedette.Engine.Audit;
using Vedette.Engine.Storage;
using Vedette.Storage.Tables;
using Vedette.Tests.Postgres;

namespace Vedette.Storage.Tests;

public sealed class SqliteRowTests() : RowTests(new SqliteHome());

public sealed class PostgresRowTests(SharedPostgres shared) : RowTests(new PostgresHome(shared));

public abstract class RowTests(StoreHome home) : StoreTest(home)
{
    public static TheoryData<string> Rows => new(Samples.RowTypes.Select(t => t.Name));

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task EveryRowComesBackAsItWas(string name)
    {
        var type = Samples.RowTypes.Single(t => t.Name == name);
        await (Task)typeof(RowTests).GetMethod(nameof(RoundTrip), BindingFlags.NonPublic | BindingFlags.Instance)!.MakeGenericMethod(type).Invoke(this, null)!;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task ColumnsAreThoseOfTheMigration(string name)
    {
        var table = Table.Of(Samples.RowTypes.Single(t => t.Name == name));
        var expected = table.Columns.Select(c => $"{c.Name} {Home.TypeOf(c.Kind)} {(c.Nullable ? "null" : "")}".TrimEnd());
        Assert.Equal(expected.Order(), (await Home.ColumnsOf(table.Name)).Order());
    }

    private async Task RoundTrip<T>()
        where T : class, IRow
    {
        foreach (var (id, empty) in new[] { (1L, false), (2L, true) })
        {
            var row = (T)Samples.Fill(typeof(T), id, empty);
            if (row is AuditRow audit)
            {
                await Must(new AppendAudit(audit with { Chain = "main" }));
                var back = await Store.Find<AuditRow>(id, Ct);
                // The second follows the first: number and hashes are the store's.
                var expected = AuditChain.Link(audit with { Chain = "main" }, id, id == 1 ? "" : (await Store.Find<AuditRow>(1, Ct))!.Hash);
                Assert.Equal(expected, back);
                continue;
            }

            await Must(new Insert(row));
            var found = await Store.Find<T>(id, Ct);
            Assert.NotNull(found);
            foreach (var property in typeof(T).GetProperties())
                Assert.Equal(property.GetValue(row), property.GetValue(found));
        }

        Assert.Null(await Store.Find<T>(3, Ct));
        Assert.Equal(2, await Store.Count<T>(Where.All, Ct));
        Assert.Equal([1L, 2L], (await Store.Select<T>(new Query(), Ct)).Select(r => r.Id));
    }
}
