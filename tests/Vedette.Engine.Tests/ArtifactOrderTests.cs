using Microsoft.Extensions.DependencyInjection;
using Vedette.Engine.Containers;
using Vedette.Engine.Storage;
using Vedette.Engine.Vault;
using Vedette.Model;

namespace Vedette.Engine.Tests;

public sealed class ArtifactOrderTests
{
    [Fact]
    public async Task ArtifactsCommittedAgainstTheOrderOfTheirIds_EachIsNewAfterTheMarkBeforeIt()
    {
        await using var house = await House.Open();
        await using var services = new ServiceCollection().AddSingleton<IStore>(house.Store).AddSingleton<TimeProvider>(house.Time).AddSingleton<OutboxBell>()
            .AddSingleton<IVaultFiles, NoFiles>().AddVault().AddContainers().BuildServiceProvider();
        var containers = services.GetRequiredService<IContainers>();
        var admin = await house.Admin();
        var container = await house.Do(async unit => await containers.Create(unit, admin, new ContainerDraft { Name = "event", Label = "events" }));
        var (early, late) = (new Unit(), new Unit());
        var lower = (await containers.AddArtifact(early, admin, new ArtifactDraft { Container = container, Name = "lower id" })).Value;
        var higher = (await containers.AddArtifact(late, admin, new ArtifactDraft { Container = container, Name = "higher id" })).Value;
        Assert.True(lower.Value < higher.Value);

        await house.Commit(late);
        var mark = (await containers.Get(admin, container)).Value.ArtifactCounter;
        await house.Commit(early);

        var artifacts = (await containers.Artifacts(admin, container)).Value;
        Assert.Equal([higher.Value, lower.Value], artifacts.Select(artifact => artifact.Id));
        Assert.Equal([lower.Value], artifacts.Where(artifact => artifact.Number > mark).Select(artifact => artifact.Id));
    }

    private sealed class NoFiles : IVaultFiles
    {
        public Task<string> Write(Stream content, Func<string> name, CancellationToken ct) => throw new NotSupportedException();

        public Stream Open(string file) => throw new NotSupportedException();

        public void Remove(string file) => throw new NotSupportedException();

        public IReadOnlyList<string> FromBefore() => [];
    }
}
