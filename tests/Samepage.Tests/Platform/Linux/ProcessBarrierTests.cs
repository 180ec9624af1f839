using System.Runtime.CompilerServices;
using Samepage.Platform;
using Samepage.Platform.Linux.Interop;
using Samepage.Tests.Support;

namespace Samepage.Tests.Platform.Linux;

/// <summary>The barrier that one process has others pass.</summary>
public sealed class ProcessBarrierTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("0")]
    public void It_is_there_where_the_kernel_has_it_unless_it_is_switched_off(string on) =>
        Child.Do(IsThere, [on], variables: $"SAMEPAGE_MEMBARRIER={on}");

    [ChildPart]
    private static void IsThere(string on)
    {
        const int ReachAll = 1 << 1, Register = 1 << 2;
        nint commands = LibC.SysCall3(Native.SysMemBarrier, 0, 0, 0);
        bool expected = on == "1" && commands >= 0 && (commands & (ReachAll | Register)) == (ReachAll | Register);
        // Who calls need not be reachable itself.
        Assert.Equal(expected, Host.Platform.TryReachAll());
        Assert.Equal(expected, Host.Platform.TryBecomeReachable());
        Assert.Equal(expected, Host.Platform.TryBecomeReachable());
        Assert.Equal(expected, Host.Platform.TryReachAll());
    }

    [Fact]
    public void One_side_needs_no_barrier_of_its_own()
    {
        Assert.SkipUnless(Host.Platform.TryBecomeReachable(), "This kernel has no such barrier, or a filter refuses it.");
        var words = new Words();
        const int Rounds = 5_000;
        int missed = 0;
        var light = new Thread(() =>
        {
            for (int round = 1; round <= Rounds; round++)
            {
                Await(ref words.Go, round);
                words.Light = Announce(ref words.FromLight, ref words.FromHeavy, round);
                Volatile.Write(ref words.Done, round);
            }
        });
        light.Start();
        for (int round = 1; round <= Rounds; round++)
        {
            Volatile.Write(ref words.Go, round);
            Volatile.Write(ref words.FromHeavy, round);
            Assert.True(Host.Platform.TryReachAll());
            bool heavy = Volatile.Read(ref words.FromLight) == round;
            Await(ref words.Done, round);
            missed += heavy || words.Light ? 0 : 1;
        }
        light.Join();
        // Without it both stores wait in their processors now and then, and neither side sees the other's.
        Assert.Equal(0, missed);
    }

    /// <summary>A store and a load that no barrier keeps apart. True: it saw the other side's.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Announce(ref int own, ref int other, int round)
    {
        Volatile.Write(ref own, round);
        return Volatile.Read(ref other) == round;
    }

    private static void Await(ref int word, int round)
    {
        var spin = default(SpinWait);
        while (Volatile.Read(ref word) != round)
            spin.SpinOnce(sleep1Threshold: -1);
    }

    private sealed class Words
    {
        public int Go, FromLight, FromHeavy, Done;
        public bool Light;
    }
}
