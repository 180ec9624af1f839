using Samepage.Channels;
using Samepage.Layout;
using Samepage.Platform;
using Samepage.Tests.Support;

namespace Samepage.Tests.Platform;

/// <summary>A stranger wrote the name of a thread that lives where only a holder of some steps writes its own: whose patience ends is told, and does not hang.</summary>
public sealed class PatienceTests
{
    private static readonly TimeSpan _bounded = TimeSpan.FromSeconds(25);

    [Fact]
    public void A_turn_that_nobody_gives_back_is_corrupt() => Child.Do(MeetsHeldTurns);

    [Fact]
    public void A_claim_that_nobody_gives_back_is_corrupt() => Child.Do(MeetsHeldClaims);

    [ChildPart]
    private static void MeetsHeldTurns()
    {
        Patience.OfSteps = TimeSpan.FromMilliseconds(200);
        string name = Scene.NewName();
        using var queue = Queue.Create(name);
        using QueueSender sender = queue.CreateSender();
        using QueueReceiver receiver = queue.CreateReceiver();
        Assert.True(sender.TrySend([1]));
        Write(PartName.Of(ObjectName.Parse(name), "turn"), StateBlock.WaitWordOffset, LivingThread);
        Refused(name, () => receiver.TryReceive(out _));
        Refused(name, () => receiver.TryReceive(TimeSpan.FromMilliseconds(1), out _));

        using var cell = Cell.Create(name + "c", new CellOptions { Capacity = 100 });
        Write(PartName.Of(ObjectName.Parse(cell.Name), "turn"), StateBlock.WaitWordOffset, LivingThread);
        Refused(cell.Name, () => cell.Write([1]));

        using SharedMutex making = SharedMutex.Create(PartName.Of(ObjectName.Parse(name + "t"), "making"));
        Write(making.Name, StateBlock.WaitWordOffset, LivingThread);
        Refused(name + "t", () => Topic.Create(name + "t").Dispose());
    }

    [ChildPart]
    private static void MeetsHeldClaims()
    {
        Patience.OfSteps = TimeSpan.FromMilliseconds(200);
        string name = Scene.NewName();
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset, initiallySet: true);
        Write(name, StateBlock.ClaimOffset, LivingThread);
        Refused(name, () => SharedWait.All([signal], TimeSpan.Zero));
        Write(name, StateBlock.SecondHalfOffset, SignalWord.Withheld);
        Refused(name, () => signal.Wait(TimeSpan.FromMilliseconds(1)));
        Refused(name, signal.Set);
    }

    /// <summary>The first of this process: not the one that runs this.</summary>
    private static uint LivingThread => (uint)Environment.ProcessId;

    private static void Refused(string name, Action action)
    {
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Record.Exception(action)) { IsBackground = true };
        thread.Start();
        Assert.True(thread.Join(_bounded), $"\"{name}\" is waited for without end");
        var refused = Assert.IsType<SharedObjectException>(thrown);
        Assert.Equal((FailureReason.Corrupt, name), (refused.Reason, refused.ObjectName));
        Assert.Contains($"thread {LivingThread}", refused.Message, StringComparison.Ordinal);
    }

    private static void Write(string name, int offset, uint value)
    {
        using FileStream file = new(Scene.PathOf(name), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Position = offset;
        file.Write(BitConverter.GetBytes(value));
    }
}
