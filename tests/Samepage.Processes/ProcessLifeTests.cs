using System.Globalization;
using System.Runtime.CompilerServices;
using Samepage.Platform;

namespace Samepage.Processes;

/// <summary>Whether a process lives, and that it has ended, told to those who watch it.</summary>
public sealed class ProcessLifeTests
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);

    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    private static IPlatform Platform => Host.Platform;

    [Theory]
    [InlineData(SharedObjectScope.Local, true)]
    [InlineData(SharedObjectScope.Local, false)]
    [InlineData(SharedObjectScope.Global, true)]
    [InlineData(SharedObjectScope.Global, false)]
    public void Its_end_is_told_once(SharedObjectScope scope, bool killed)
    {
        using var peer = new Peer();
        ulong life = LifeOf(peer, scope);
        Assert.Equal(life, LifeOf(peer, scope));
        using var told = new SemaphoreSlim(0);
        using IDisposable? watch = Platform.WatchProcess(scope, life, () => told.Release());
        Assert.NotNull(watch);
        Assert.Equal("", peer.Do("event e manual"));
        Assert.Equal(0, told.CurrentCount);
        if (killed)
            peer.Kill();
        else
            peer.Leave();
        Assert.True(told.Wait(_bound, _token));
        Assert.Null(Platform.WatchProcess(scope, life, () => told.Release()));
        watch.Dispose();
        Assert.Equal(0, told.CurrentCount);
    }

    [Fact]
    public void One_that_was_stopped_lives()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The tests stop a process by a signal, which Windows does not have.");
        using var peer = new Peer();
        ulong life = LifeOf(peer);
        using var told = new ManualResetEventSlim();
        using IDisposable? watch = Platform.WatchProcess(SharedObjectScope.Local, life, told.Set);
        peer.Stop();
        Assert.False(told.Wait(TimeSpan.FromMilliseconds(100), _token));
        using (IDisposable? other = Platform.WatchProcess(SharedObjectScope.Local, life, told.Set))
            Assert.NotNull(other);
        peer.Continue();
        Assert.Equal(life, LifeOf(peer));
        Assert.False(told.IsSet);
        peer.Kill();
        Assert.True(told.Wait(_bound, _token));
    }

    [Fact]
    public void Of_many_watches_each_is_told_but_those_that_were_disposed()
    {
        const int Count = 200;
        using Peer peer = new(), other = new();
        ulong life = LifeOf(peer);
        using var told = new CountdownEvent(Count / 2);
        var wrong = 0;
        var watches = new List<IDisposable?>();
        for (int i = 0; i < Count; i++)
            watches.Add(Platform.WatchProcess(SharedObjectScope.Local, life, i % 2 == 0 ? () => told.Signal() : () => wrong++));
        using IDisposable? living = Platform.WatchProcess(SharedObjectScope.Local, LifeOf(other), () => wrong++);
        Assert.All(watches, Assert.NotNull);
        for (int i = 1; i < Count; i += 2)
            watches[i]!.Dispose();
        peer.Kill();
        Assert.True(told.Wait(_bound, _token));
        watches.ForEach(w => w!.Dispose());
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Nobody_need_keep_a_watch()
    {
        using var peer = new Peer();
        using var told = new ManualResetEventSlim();
        WatchAndForget(LifeOf(peer), told);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        peer.Kill();
        Assert.True(told.Wait(_bound, _token));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WatchAndForget(ulong life, ManualResetEventSlim told) =>
        Assert.NotNull(Platform.WatchProcess(SharedObjectScope.Local, life, told.Set));

    [Fact]
    public void Who_is_told_may_watch_and_end_watches()
    {
        using Peer peer = new(), other = new();
        ulong life = LifeOf(peer), next = LifeOf(other);
        using var told = new ManualResetEventSlim();
        IDisposable? first = null;
        IDisposable? second = null;
        first = Platform.WatchProcess(SharedObjectScope.Local, life, () =>
        {
            first?.Dispose();
            second = Platform.WatchProcess(SharedObjectScope.Local, next, told.Set);
            other.Kill();
        });
        Assert.NotNull(first);
        peer.Kill();
        Assert.True(told.Wait(_bound, _token));
        Assert.NotNull(second);
    }

    [Fact]
    public void The_own_process_does_not_end_and_is_no_object()
    {
        ulong life = Platform.ProcessLife(SharedObjectScope.Local);
        Assert.NotEqual(0ul, life);
        Assert.Equal(life, Platform.ProcessLife(SharedObjectScope.Local));
        using var peer = new Peer();
        Assert.NotEqual(life, LifeOf(peer));
        bool told = false;
        using IDisposable? watch = Platform.WatchProcess(SharedObjectScope.Local, life, () => told = true);
        Assert.NotNull(watch);
        Assert.DoesNotContain(SharedObjects.List(), o => o.Name is { } name && name.Contains(life.ToString("x16", null), StringComparison.Ordinal));
        SharedObjects.RemoveOrphans();
        using (IDisposable? again = Platform.WatchProcess(SharedObjectScope.Local, life, () => told = true))
            Assert.NotNull(again);
        Assert.False(told);
    }

    [Fact]
    public void An_id_that_nobody_has_is_of_no_living_process()
    {
        using var peer = new Peer();
        ulong life = LifeOf(peer);
        foreach (ulong unknown in new[] { 0ul, life + 1, ulong.MaxValue })
            Assert.Null(Platform.WatchProcess(SharedObjectScope.Local, unknown, () => { }));
        // Each scope has its own.
        Assert.Null(Platform.WatchProcess(SharedObjectScope.Global, life, () => { }));
    }

    private static ulong LifeOf(Peer peer, SharedObjectScope scope = SharedObjectScope.Local) =>
        ulong.Parse(peer.Do($"life {scope}"), CultureInfo.InvariantCulture);
}
