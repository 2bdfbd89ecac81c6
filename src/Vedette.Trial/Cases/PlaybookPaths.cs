namespace Vedette.Trial.Cases;

/// <summary>What the paths of a command line name: playbooks, test files, folders of them.</summary>
public static class PlaybookPaths
{
    /// <exception cref="TrialFileException">A path names nothing that can be tried.</exception>
    public static IReadOnlyList<PlaybookFile> Find(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return [.. paths.SelectMany(Of).Distinct(StringComparer.Ordinal).Select(PlaybookFile.Read).Where(file => !file.IsCustomFunction)];
    }

    /// <summary>The playbooks in the folder of this one, itself among them, by name; one that cannot be read is none.</summary>
    public static IEnumerable<PlaybookFile> Beside(string path)
    {
        foreach (var file in Directory.EnumerateFiles(FilePath.GetDirectoryName(FilePath.GetFullPath(path))!, "*.py").Where(IsPlaybook).Order(StringComparer.Ordinal))
        {
            PlaybookFile playbook;
            try
            {
                playbook = PlaybookFile.Read(file);
            }
            catch (TrialFileException)
            {
                continue;
            }

            yield return playbook;
        }
    }

    private static IEnumerable<string> Of(string path)
    {
        if (Directory.Exists(path))
        {
            var found = Directory.EnumerateFiles(path, "*.py", SearchOption.AllDirectories).Where(IsPlaybook).Order(StringComparer.Ordinal).ToList();
            return found.Count > 0 ? found : throw new TrialFileException($"The folder {path} holds no playbook (NAME.py with a function on_start): name another.");
        }

        if (path.EndsWith(".tests.yaml", StringComparison.Ordinal))
        {
            var playbook = path[..^".tests.yaml".Length] + ".py";
            return !File.Exists(path) ? throw new TrialFileException($"There is no test file {path}.")
                : File.Exists(playbook) ? [playbook]
                : throw new TrialFileException($"{path} is a test of {playbook}, which is not there: put the two side by side.");
        }

        return path.EndsWith(".py", StringComparison.Ordinal) && File.Exists(path)
            ? [path]
            : throw new TrialFileException($"There is no playbook {path}: name a FILE.py, a FILE.tests.yaml or a folder.");
    }

    private static bool IsPlaybook(string file) =>
        !FilePath.GetFullPath(file).Split(FilePath.DirectorySeparatorChar).Contains("custom_functions") && File.ReadAllText(file).Contains("def on_start(", StringComparison.Ordinal);
}
