using Microsoft.Extensions.DependencyInjection;
using Vedette.Engine;
using Vedette.Engine.Access;
using Vedette.Engine.Actions;
using Vedette.Engine.Audit;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Storage;
using Path = System.IO.Path;

namespace Vedette.Server.Hosting;

/// <summary>What is done on a data folder by whoever owns it, through the doors of the engine, without a server.</summary>
public static class OfflineStore
{
    /// <summary>Sets or lifts the stop switch where no server runs.</summary>
    /// <param name="causedBy">What the audit row says.</param>
    /// <exception cref="SetupException">The folder is in use, or the switch could not be set.</exception>
    public static async Task Stop(ServerOptions options, bool stopped, string reason, string causedBy, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            await using var store = await options.Place.Open(ct: ct);
            await FileSecretKeys.RefuseWhereLost(options.DataFolder, store, ct);
            var services = new ServiceCollection().AddLogging().AddVedette(options, store);
            await using var provider = services.BuildServiceProvider();
            var actions = provider.GetRequiredService<IActions>();
            var outcome = await Units.Decide(store, unit => actions.Stop(unit, Caller.Platform with { CausedBy = causedBy }, stopped, reason), ct);
            if (outcome.Refused)
            {
                throw new SetupException(outcome.Refusal.Message);
            }
        }
        catch (StoreException exception)
        {
            throw new SetupException(exception.Message, exception);
        }
    }

    /// <summary>Removes somebody's second factor where no server runs: for who has lost the device and has nobody to ask.</summary>
    /// <exception cref="SetupException">The folder is in use, or there is no such user or second factor.</exception>
    public static async Task RemoveSecondFactor(ServerOptions options, string username, string causedBy, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            await using var store = await options.Place.Open(ct: ct);
            await FileSecretKeys.RefuseWhereLost(options.DataFolder, store, ct);
            await using var provider = new ServiceCollection().AddLogging().AddVedette(options, store).BuildServiceProvider();
            var named = await store.Select<UserRow>(Query.For(Where.Is(nameof(UserRow.Username), username.Trim().ToLowerInvariant())), ct);
            var outcome = named is [var user]
                ? await Units.Decide(store, async unit => await provider.GetRequiredService<IAccess>().RemoveSecondFactor(unit, Caller.Platform with { CausedBy = causedBy }, new UserId(user.Id), "", ct), ct)
                : throw new SetupException($"There is no user \"{username}\".");
            if (outcome.Refused)
            {
                throw new SetupException(outcome.Refusal.Message);
            }
        }
        catch (StoreException exception)
        {
            throw new SetupException(exception.Message, exception);
        }
    }

    /// <summary>Name of the file in a data folder that holds the key of the secrets of assets.</summary>
    public const string KeyFile = FileSecretKeys.FileName;

    public static string ProgramVersion => typeof(OfflineStore).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>Id of the key in a data folder, which says nothing about the key; null where there is none.</summary>
    public static string? KeyIdOf(string folder)
    {
        var file = Path.Combine(folder, KeyFile);
        return File.Exists(file) && File.ReadAllBytes(file) is { Length: FileSecretKeys.Length } bytes ? new SecretKey(bytes).Id : null;
    }

    /// <summary>Checks the record of a store that is only read.</summary>
    public static async Task<AuditVerdict> VerifyAudit(ReadOnlyStore store, IReadOnlyList<AuditCheckpoint> checkpoints, CancellationToken ct)
    {
        await using var provider = new ServiceCollection().AddLogging().AddSingleton<IStore>(store).AddEngine().BuildServiceProvider();
        return (await provider.GetRequiredService<IAudit>().Verify(Caller.Platform, checkpoints, ct)).Value;
    }
}
