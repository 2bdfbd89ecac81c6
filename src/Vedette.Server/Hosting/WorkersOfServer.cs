using Vedette.Workers;

namespace Vedette.Server.Hosting;

/// <summary>The workers as a server has them: the same for the server and for whoever only looks at what they reach.</summary>
public static class WorkersOfServer
{
    public static PythonWorkers Make(ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var database = Path.Combine(options.DataFolder, "vedette.db");
        var workers = new WorkerOptions
        {
            Python = options.Python,
            Packages = options.PythonPackages,
            Without = options.SandboxWithout,
            Uid = options.WorkerUid,
            Canary = File.Exists(database) ? database : null,
        };
        return new PythonWorkers(options.Workers is { } most ? workers with { MaxChildren = most } : workers);
    }
}
