using System.Globalization;
using Samepage.Platform;

namespace Samepage.Processes;

/// <summary>Until it is disposed the thread that tells of deaths is held up: nobody here is told of one.</summary>
internal sealed class UntoldDeaths : IDisposable
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(60);

    private readonly ManualResetEventSlim _held = new(), _goOn = new();
    private readonly IDisposable? _watch;

    public UntoldDeaths()
    {
        using var first = new Peer();
        ulong life = ulong.Parse(first.Do($"life {SharedObjectScope.Local}"), CultureInfo.InvariantCulture);
        _watch = Host.Platform.WatchProcess(SharedObjectScope.Local, life, () =>
        {
            _held.Set();
            _ = _goOn.Wait(_bound);
        });
        Assert.NotNull(_watch);
        first.Kill();
        Assert.True(_held.Wait(_bound));
    }

    // The events are left to the collector: the thread may be about to use them.
    public void Dispose()
    {
        _goOn.Set();
        _watch?.Dispose();
    }
}
