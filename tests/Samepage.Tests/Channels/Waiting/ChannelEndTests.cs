using System.Runtime.InteropServices;
using Samepage.Channels;
using Samepage.Layout;
using Samepage.Platform;
using Samepage.Tests.Support;

namespace Samepage.Tests.Channels.Waiting;

/// <summary>An end by itself, which more than one thread uses, as a listener's may be.</summary>
public sealed unsafe class ChannelEndTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly void* _block = NativeMemory.AlignedAlloc(SleeperBlock.Length, 128);

    public ChannelEndTests() => new Span<byte>(_block, SleeperBlock.Length).Clear();

    public void Dispose() => NativeMemory.AlignedFree(_block);

    [Fact]
    public void Who_sleeps_while_another_thread_takes_what_came_is_rung_for_what_comes_next()
    {
        using var sleepers = new Sleepers((nint)_block, 1, new BellBoard(ObjectName.Parse(Scene.NewName()), "reader", 1, SharedAccess.User));
        using var end = new End(sleepers);
        var waiter = new Thread(() => end.Wait(Timeout.InfiniteTimeSpan, CancellationToken.None)) { IsBackground = true };
        waiter.Start();
        // It looks once before it says that it sleeps, and once after that; then it sleeps.
        Assert.True(SpinWait.SpinUntil(() => end.Looks == 2, _patience));

        end.Found();
        end.HasNews = true;
        sleepers.WakeCarefully();
        Assert.True(waiter.Join(_patience));
    }

    private sealed class End(Sleepers sleepers) : ChannelEnd(sleepers, 0, WaitStrategy.Block)
    {
        private int _looks;

        public int Looks => Volatile.Read(ref _looks);

        public volatile bool HasNews;

        public override bool IsReady
        {
            get
            {
                bool hasNews = HasNews;
                Interlocked.Increment(ref _looks);
                return hasNews;
            }
        }

        protected override void BeforeSleep()
        {
        }
    }
}
