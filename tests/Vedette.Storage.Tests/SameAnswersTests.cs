using System.Globalization;
using System.Text;
using Npgsql;
using Vedette.Engine.Storage;
using Vedette.Storage.Writing;
using Vedette.Tests.Postgres;
using Path = Vedette.Engine.Storage.Path;

namespace Vedette.Storage.Tests;

/// <summary>What is asked of both stores, holding the same rows, is answered the same, down to the order. A NUL is not in it: functions of SQLite see a text up to its first.</summary>
public sealed class SameAnswersTests(SharedPostgres shared) : IAsyncLifetime
{
    private static readonly string[] Json =
    [
        "{}", "[]", "3", "no json", "", "{\"a\":", "{\"a\":null}", "{\"a\":1}", "{\"a\":2}", "{\"a\":10}", "{\"a\":-1.5}", "{\"a\":9007199254740993}", "{\"a\":true}", "{\"a\":false}",
        "{\"a\":\"1\"}", "{\"a\":\"\"}", "{\"a\":\"Zeta\"}", "{\"a\":\"alpha\"}", "{\"a\":\"\\u00fcber\"}", "{\"a\":\"ÜBER\"}", "{\"a\":\"a\\\\u0000b\"}", "{\"a\":\"🦉\"}", "{\"a\":\"\uFFFD\"}",
        "{\"a\":[]}", "{\"a\":[1,\"Rot\",true,null,{\"b\":2}]}", "{\"a\":[\"rot\",\"1\"]}", "{\"a\":{\"b\":\"deep\"}}", "{\"a\":{\"b\":[\"x\",\"Y\"]}}", "{\"a b\":{\"c\\\"d\":5}}", "{\"0\":\"zero\"}", "[\"zero\",\"Rot\"]", "[1,2]", "{\"b\":\"Rot\"}",
    ];

    private static readonly string[] Names =
        ["", "a", "A", "Übel", "übel", "ÜBEL MEHR", "ΣΊΣΥΦΟΣ", "σίσυφος", "50%", "_", "\\", "🦉", "\uFFFD", "straße", "STRASSE", "x y", "10", "9"];

    private static readonly object?[] Values = [null, "", "a", "1", "Rot", "rot", "ber", "zero", "deep", "🦉", 1, 2L, 2.5, -1.5, true, false, 9007199254740993L];

    private readonly SqliteHome _sqlite = new();
    private readonly PostgresHome _postgres = new(shared);
    private OneWriterStore _one = null!;
    private OneWriterStore _other = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (_one, _other) = (await _sqlite.Open(), await _postgres.Open());
        var unit = new Unit();
        for (var i = 0; i < Json.Length * 2; i++)
        {
            unit.Insert(Samples.Container(i + 1, $"s{i}") with
            {
                Name = Names[i % Names.Length],
                Data = Json[i % Json.Length],
                Tags = Json[(i * 7 + 3) % Json.Length],
                OwnerId = i % 3 == 0 ? null : i % 5,
                InCase = i % 2 == 0,
                KillChain = i % 4 == 0 ? null : Names[(i * 5) % Names.Length],
                DueTime = i % 5 == 0 ? null : Samples.Noon.AddSeconds(-i * 90_001_237L).AddMicroseconds(i * 333_333),
            });
            unit.Insert(new NoteRow { Id = i + 1, CreatedAt = Samples.Noon, UpdatedAt = Samples.Noon, ContainerId = i % 4 == 0 ? 9999 : i + 1 });
        }

        foreach (var store in new[] { _one, _other })
            Assert.True((await store.Commit(unit, Ct)).IsDone);
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        await _sqlite.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task EveryComparisonOfText()
    {
        foreach (var column in new[] { "Name", "KillChain" })
        {
            foreach (var comparison in Enum.GetValues<Comparison>().Except([Comparison.In, Comparison.IsNull, Comparison.Matches, Comparison.MatchesIgnoreCase]))
            {
                foreach (var value in Names)
                    await Same(new Compare(column, comparison, value));
            }

            await Same(Where.In(column, ["a", null, "🦉"]));
            await Same(new Compare(column, Comparison.IsNull, true));
        }
    }

    [Fact]
    public async Task EveryComparisonInJson()
    {
        Path[] places = ["Data", "Tags", new("Data", ["a"]), new("Data", ["a", "b"]), new("Data", ["a b", "c\"d"]), new("Data", ["0"])];
        foreach (var place in places)
        {
            foreach (var comparison in Enum.GetValues<Comparison>())
            {
                foreach (var value in Values)
                {
                    object? fit = comparison switch
                    {
                        Comparison.In => new object?[] { value, "Rot", 10 }.Where(one => place.Json is not null || one is null or string).ToList(),
                        Comparison.IsNull => value is true,
                        Comparison.Matches or Comparison.MatchesIgnoreCase => value is string text ? text : null,
                        _ => value,
                    };
                    var takesText = comparison is Comparison.EqualIgnoreCase or (>= Comparison.StartsWith and <= Comparison.MatchesIgnoreCase) || place.Json is null && comparison is not (Comparison.In or Comparison.IsNull or Comparison.Contains or Comparison.ContainsIgnoreCase);
                    if (takesText && fit is not string && !(fit is null && comparison == Comparison.Equal))
                        continue;
                    await Same(new Compare(place, comparison, fit));
                }
            }
        }
    }

    [Fact]
    public async Task NumbersTruthsTimesAndWhatIsReachedThroughOthers()
    {
        foreach (var part in Enum.GetValues<TimePart>())
        {
            for (var number = 0; number < 32; number += 3)
                await Same(new Compare(new Path("DueTime", Part: part), Comparison.Equal, number));
            await Same(new Compare(new Path("DueTime", Part: part), Comparison.Greater, 1990));
        }

        foreach (var comparison in new[] { Comparison.Equal, Comparison.Less, Comparison.LessOrEqual, Comparison.Greater, Comparison.GreaterOrEqual })
        {
            await Same(new Compare("OwnerId", comparison, 2));
            await Same(new Compare("OwnerId", comparison, 2.5));
            await Same(new Compare("DueTime", comparison, Samples.Noon.AddYears(-1)));
        }

        await Same(Where.In("OwnerId", [1, null, 2.0]));
        await Same(Where.Is("InCase", true) & !(Where.Is("OwnerId", 2) | new Compare(new Path("Data", ["a"]), Comparison.Greater, 1)));
        await Same(new AnyOf([]));
        var through = new Path("Name", null, [("ContainerId", typeof(ContainerRow))]);
        foreach (var where in new[] { new Compare(through, Comparison.Equal, "a"), !new Compare(through, Comparison.ContainsIgnoreCase, "Ü"), new Compare(through, Comparison.Matches, "^[a-z]+$") })
        {
            var query = new Query { Where = where, Order = [(through, true)] };
            Assert.Equal((await _one.Select<NoteRow>(query, Ct)).Select(row => row.Id), (await _other.Select<NoteRow>(query, Ct)).Select(row => row.Id));
        }
    }

    [Fact]
    public async Task RegularExpressions_BesideOtherConditions()
    {
        foreach (var pattern in new[] { "^a", "\\w+", "[Üü]bel", "\\bx\\b", "^$", "🦉|%" })
        {
            foreach (var comparison in new[] { Comparison.Matches, Comparison.MatchesIgnoreCase })
            {
                Where match = new Compare("Name", comparison, pattern);
                await Same(match);
                await Same(!match & Where.Is("InCase", true));
                await Same((match | Where.Is("OwnerId", 1)) & new Compare("KillChain", comparison, pattern));
                await Same(new Compare("OwnerId", comparison, "[13]"));
            }
        }
    }

    [Fact]
    public async Task OrderAndPages()
    {
        foreach (var descending in new[] { false, true })
        {
            foreach (var by in new Path[] { "Name", "KillChain", "OwnerId", "DueTime", "InCase", new("Data", ["a"]), new("DueTime", Part: TimePart.Hour) })
            {
                foreach (var (limit, offset) in new (int?, int)[] { (null, 0), (7, 0), (7, 60), (null, 65), (0, 0) })
                {
                    var query = new Query { Order = [(by, descending), ("OwnerId", !descending)], Limit = limit, Offset = offset };
                    var one = (await _one.Select<ContainerRow>(query, Ct)).Select(row => row.Id).ToList();
                    var other = (await _other.Select<ContainerRow>(query, Ct)).Select(row => row.Id).ToList();
                    Assert.True(one.SequenceEqual(other), $"{by} descending {descending}, {limit} from {offset}:\n{string.Join(' ', one)}\n{string.Join(' ', other)}");
                }
            }
        }
    }

    /// <summary>Sign by sign over all of Unicode's first plane. The two have their tables from versions of it of their own: what the newest added may be missing in one. U+FDD3 is no sign at all.</summary>
    [Fact]
    public async Task SmallLettersAreTheSame()
    {
        await using var connection = new NpgsqlConnection(_postgres.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand("SELECT code, vedette_fold(chr(code)) FROM generate_series(1, 65535) AS code WHERE code NOT BETWEEN 55296 AND 57343", connection);
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var newest = new HashSet<char>("\u1C89\uA7CB\uA7CC\uA7DA\uA7DC\uFDD3");
        var others = new StringBuilder();
        while (await reader.ReadAsync(Ct))
        {
            var sign = (char)reader.GetInt32(0);
            var small = sign.ToString().ToLowerInvariant();
            if (!newest.Contains(sign) && !string.Equals(reader.GetString(1), small, StringComparison.Ordinal))
                others.Append(CultureInfo.InvariantCulture, $"{(int)sign:X4} ");
        }

        Assert.Equal("", others.ToString());
    }

    private async Task Same(Where where)
    {
        var query = Query.For(where);
        var one = (await _one.Select<ContainerRow>(query, Ct)).Select(row => row.Id).ToList();
        var other = (await _other.Select<ContainerRow>(query, Ct)).Select(row => row.Id).ToList();
        Assert.True(one.SequenceEqual(other), $"{Words(where)}\nSQLite:     {Rows(one)}\nPostgreSQL: {Rows(other)}");
        Assert.Equal(one.Count, await _other.Count<ContainerRow>(where, Ct));

        string Rows(List<long> ids) => string.Join(' ', ids.Select(id => $"{id}={Json[((int)id - 1) % Json.Length]}"));
    }

    private static string Words(Where where) => where is Compare compare
        ? $"{compare.Path.Column}{string.Join("", (compare.Path.Json ?? []).Select(key => $".{key}"))} {compare.Comparison} {(compare.Value is IEnumerable<object?> list ? string.Join(',', list) : compare.Value)} ({compare.Value?.GetType().Name})"
        : where.ToString();
}
