using Microsoft.Extensions.Hosting;
using Vedette.Engine.Storage;

namespace Vedette.Server.Hosting;

/// <summary>Whether work is taken: not before what an earlier process left open is taken up, not without the store, and not once the server ends.</summary>
internal sealed class Readiness(IStore store, IHostApplicationLifetime lifetime)
{
    private volatile bool _takenUp;

    public bool IsReady => _takenUp && store.Reachable && !lifetime.ApplicationStopping.IsCancellationRequested;

    public void TakenUp() => _takenUp = true;
}
