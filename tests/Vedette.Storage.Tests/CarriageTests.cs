using System.Globalization;
using System.Text;
using Vedette.Engine.Audit;
using Vedette.Engine.Storage;
using Vedette.Storage.Carriage;
using Vedette.Storage.Writing;
using Vedette.Tests.Postgres;
using Path = System.IO.Path;

namespace Vedette.Storage.Tests;

/// <summary>Rows that go from store to store: all of them, as they were, of one moment.</summary>
public sealed class CarriageTests(SharedPostgres shared) : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("vedette-store-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task ThereAndBack_EveryRowOfEveryTableIsAsItWasAndIdsGoOn()
    {
        var (file, database) = (Folder("one"), await Database("one"));
        var ids = 0L;
        var rows = Samples.RowTypes.SelectMany(type => new[] { Samples.Fill(type, 1, false), Samples.Fill(type, 2, true) }).Where(row => row is not (AuditRow or MessageRow)).ToList();
        await using (var store = await file.Open(ct: Ct))
        {
            await Must(store, [.. rows.Select(row => new Insert(row)), new AppendAudit(Samples.Audit("a")), new AppendAudit(Samples.Audit("b") with { Chain = "other" })]);
            await Must(store, new AppendMessage(Samples.Message(1, "m1")), new AppendMessage(Samples.Message(1, "m2")));
            await Must(store, new Delete(typeof(MessageRow), 2));
            ids = store.NextId<NoteRow>();
        }

        var there = StoreMove.Run(file, database, TimeProvider.System, Ct);
        await using (var store = await database.Open(ct: Ct))
        {
            await Same(store, rows);
            Assert.True(store.NextId<NoteRow>() > ids);
            await Must(store, new AppendMessage(Samples.Message(1, "m3")));
            Assert.True((await store.Select<MessageRow>(Query.For(Where.Is("MessageId", "m3")), Ct)).Single().Id > 2);
            await Must(store, new Delete(typeof(MessageRow), 3), new AppendAudit(Samples.Audit("c")));
            Assert.Empty(AuditChain.Verify(await store.Select<AuditRow>(new Query(), Ct)));
        }

        var back = StoreMove.Run(database, file, TimeProvider.System, Ct);
        var changed = new[] { "audit", "message", "id_block" };
        Assert.Equal(there.Where(table => !changed.Contains(table.Name)), back.Where(table => !changed.Contains(table.Name)));
        await using (var store = await file.Open(ct: Ct))
        {
            await Same(store, rows);
            await Must(store, new AppendMessage(Samples.Message(1, "m4")));
            Assert.True((await store.Select<MessageRow>(Query.For(Where.Is("MessageId", "m4")), Ct)).Single().Id > 3);
            Assert.Empty(AuditChain.Verify(await store.Select<AuditRow>(new Query(), Ct)));
        }
    }

    /// <summary>Artifacts and files come and go while it is made: what is in it fits together.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BackupUnderLoad_IsOfOneMoment(bool database)
    {
        var (place, to) = (database ? await Database("busy") : Folder("busy"), Folder("restored"));
        await using (var store = await place.Open(ct: Ct))
        {
            await Must(store, new Insert(Samples.Container(1, "a")));
            var enough = false;
            var files = new VaultFolder(Path.Combine(place.DataFolder, VaultFolder.InDataFolder));
            var load = Task.Run(async () =>
            {
                for (var i = 1; !Volatile.Read(ref enough); i++)
                {
                    var file = await files.Write(new MemoryStream(Encoding.UTF8.GetBytes($"content {i}")), () => i.ToString("x40", CultureInfo.InvariantCulture), Ct);
                    await Must(store, new InsertArtifact(Samples.Artifact(i, 1, $"k{i}")), new AppendAudit(Samples.Audit($"act {i}")), new Insert(Document(i, file)));
                    if (i > 3)
                    {
                        var old = (await store.Find<VaultDocumentRow>(i - 3, Ct))!;
                        await Must(store, new Delete(typeof(VaultDocumentRow), old.Id));
                        files.Remove(old.File);
                    }
                }
            }, Ct);
            for (var i = 0; i < 5; i++)
            {
                var made = Backup.Write(place, Path.Combine(_root.FullName, $"{i}.zip"), "key", "0", TimeProvider.System, Ct);
                Assert.Empty(made.Missing);
            }

            Volatile.Write(ref enough, true);
            await load;
        }

        var restored = Backup.Restore(Path.Combine(_root.FullName, "4.zip"), to, "a test", TimeProvider.System, Ct);
        await using var other = await to.Open(ct: Ct);
        var container = (await other.Find<ContainerRow>(1, Ct))!;
        Assert.Equal(container.ArtifactCount, await other.Count<ArtifactRow>(Where.All, Ct));
        var audit = await other.Select<AuditRow>(new Query(), Ct);
        Assert.Empty(AuditChain.Verify(audit));
        Assert.Equal(container.ArtifactCount + 1, audit.Count);
        Assert.Equal(("stopped", "stop_switch", "a test"), (audit[^1].Act, audit[^1].Object, audit[^1].CausedBy));
        var there = new VaultFolder(Path.Combine(to.DataFolder, VaultFolder.InDataFolder));
        var documents = await other.Select<VaultDocumentRow>(new Query(), Ct);
        Assert.Equal(documents.Count, restored.Files.Count);
        foreach (var document in documents)
        {
            using var content = new StreamReader(there.Open(document.File));
            Assert.Equal($"content {document.Id}", await content.ReadToEndAsync(Ct));
        }

        var stop = Assert.Single(await other.Select<SettingRow>(Query.For(Where.Is("Name", "stop_switch")), Ct));
        Assert.Contains("restored from backup of", stop.Value, StringComparison.Ordinal);
        Assert.True(other.NextId<SettingRow>() > stop.Id);
    }

    [Fact]
    public async Task AFileThatIsGoneForGood_IsNamedAndTheRestIsBackedUp()
    {
        var place = Folder("one");
        await using (var store = await place.Open(ct: Ct))
            await Must(store, new Insert(Document(1, $"ab/{new string('a', 40)}-00000000")));
        var made = Backup.Write(place, Path.Combine(_root.FullName, "b.zip"), null, "0", TimeProvider.System, Ct);
        Assert.Equal([$"ab/{new string('a', 40)}-00000000"], made.Missing);
        Backup.Restore(Path.Combine(_root.FullName, "b.zip"), Folder("two"), "a test", TimeProvider.System, Ct);
    }

    private StorePlace Folder(string name) => new(Path.Combine(_root.FullName, name));

    private async Task<StorePlace> Database(string name) => Folder(name) with { Database = PostgresAddress.Parse(await (await shared.Cluster).NewDatabase()) };

    private static VaultDocumentRow Document(long id, string file) => new()
    {
        Id = id,
        CreatedAt = Samples.Noon,
        UpdatedAt = Samples.Noon,
        Hash = $"hash {id}",
        Sha256 = "",
        Md5 = "",
        Size = 1,
        File = file,
    };

    private static async Task Must(OneWriterStore store, params Write[] writes)
    {
        var unit = new Unit();
        foreach (var write in writes)
            unit.Add(write);
        Assert.Equal(new Commit(CommitKind.Done), await store.Commit(unit, Ct));
    }

    private static async Task Same(OneWriterStore store, IEnumerable<IRow> rows)
    {
        foreach (var row in rows)
        {
            var found = await (Task<IRow?>)typeof(CarriageTests).GetMethod(nameof(Find), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!.MakeGenericMethod(row.GetType()).Invoke(null, [store, row.Id])!;
            Assert.NotNull(found);
            foreach (var property in row.GetType().GetProperties())
                Assert.Equal(property.GetValue(row), property.GetValue(found));
        }
    }

    private static async Task<IRow?> Find<T>(OneWriterStore store, long id)
        where T : class, IRow => await store.Find<T>(id, Ct);
}
