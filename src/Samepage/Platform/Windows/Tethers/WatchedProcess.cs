namespace Samepage.Platform.Windows.Tethers;

/// <summary>A watch of another process that calls back. Its keeper refers to it until it is over.</summary>
internal sealed class WatchedProcess : IDisposable
{
    private readonly TetherWatch _watch;

    private WatchedProcess(TetherWatch watch) => _watch = watch;

    /// <summary>Null: it has ended.</summary>
    public static WatchedProcess? Begin(SharedObjectScope scope, ulong life, Action gone)
    {
        if (OpenedMember.TryOpenProcess(scope, life) is not { } member)
            return null;
        try
        {
            var watch = new TetherWatch(member, 0, gone);
            TetherKeeper.Begin(watch);
            return new WatchedProcess(watch);
        }
        catch
        {
            member.Dispose();
            throw;
        }
    }

    public void Dispose() => TetherKeeper.End(_watch);
}
