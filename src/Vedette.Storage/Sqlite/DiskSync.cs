using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Vedette.Storage.Writing;

namespace Vedette.Storage.Sqlite;

/// <summary>
/// Tells those who wait for the disk when their commit is there. One sync of the write-ahead log covers all that was committed before it
/// began, so the writer goes on meanwhile, and many waiters share one sync.
/// </summary>
internal sealed class DiskSync : IDisposable
{
    private readonly Channel<IReadOnlyList<IWaitsForDisk>> _waiting = Channel.CreateUnbounded<IReadOnlyList<IWaitsForDisk>>(new() { SingleReader = true, SingleWriter = true, AllowSynchronousContinuations = true });
    private readonly Thread _thread;
    private readonly string _log;
    private readonly SqliteStoreOptions _options;
    private SafeFileHandle? _file;
    private volatile string? _broken;

    /// <param name="log">The write-ahead log's file; it is there once something was committed.</param>
    public DiskSync(string log, SqliteStoreOptions options)
    {
        (_log, _options) = (log, options);
        _thread = new Thread(Run) { Name = "store sync", IsBackground = true };
        _thread.Start();
    }

    /// <summary>
    /// Why nothing can be kept any more, or null. After a failed sync nobody can know what of the log is on disk, and a second sync that
    /// succeeds proves nothing: only a new start, which reads what is there, does.
    /// </summary>
    public string? Broken => _broken;

    public void Wait(IReadOnlyList<IWaitsForDisk> committed) => _waiting.Writer.TryWrite(committed);

    /// <summary>Syncs what waits, and ends.</summary>
    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        _thread.Join();
        _file?.Dispose();
    }

    private void Run()
    {
        var group = new List<IWaitsForDisk>();
        while (_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            group.Clear();
            while (_waiting.Reader.TryRead(out var some))
                group.AddRange(some);
            if (_broken is null)
                Sync();
            foreach (var each in group)
                each.OnDisk(_broken);
        }
    }

    private void Sync()
    {
        try
        {
            _options.BeforeSync?.Invoke();
            _file ??= File.OpenHandle(_log, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            if (DataSync(_file) != 0)
                throw new Win32Exception();
        }
        catch (Exception e) when (e is IOException or Win32Exception or UnauthorizedAccessException)
        {
            _broken = $"The disk did not keep what was written ({e.Message}). Nothing more is taken; look at the disk and start Vedette again.";
            _options.Logger.LogCritical(e, "{Sentence}", _broken);
        }
    }

    /// <summary>Unlike fsync it leaves out the file's times, which would cost a journal entry of the file system each.</summary>
    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static extern int DataSync(SafeFileHandle file);
}
