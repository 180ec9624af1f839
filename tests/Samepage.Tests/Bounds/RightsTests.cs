using Samepage.Channels;
using Samepage.Tests.Support;

namespace Samepage.Tests.Bounds;

/// <summary>Two users and a group, and what each of them may do with an object of <c>Global\</c>.</summary>
public sealed class RightsTests
{
    private const string Stranger = "/usr/bin/setpriv --reuid 12345 --regid 12345 --clear-groups";
    private const string Member = "/usr/bin/setpriv --reuid 12346 --regid 12346 --groups 0";

    private static readonly string[] _home = ["DOTNET_CLI_HOME=/tmp", "HOME=/tmp"];

    [Fact]
    public void Each_may_do_what_the_maker_allows()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/usr/bin/setpriv"), "Becoming another user takes an administrator and setpriv.");
        string root = Scene.NewRoot();
        File.SetUnixFileMode(root, UnixFileMode.StickyBit | (UnixFileMode)0b111_111_111);
        File.SetUnixFileMode(Samepage.Testing.Isolation.Root, (UnixFileMode)0b111_101_101);
        Child.Do(Makes, [root], root);
    }

    [ChildPart]
    private static void Makes(string root)
    {
        using SharedMemory groupReads = SharedMemory.Create(@"Global\group-reads", 4096, new SharedMemoryOptions { Access = SharedAccess.GroupRead });
        using SharedMemory ofGroup = SharedMemory.Create(@"Global\of-group", 4096, new SharedMemoryOptions { Access = SharedAccess.Group });
        using SharedEvent groupSignal = SharedEvent.Create(@"Global\group-signal", EventResetMode.AutoReset, access: SharedAccess.Group);
        using Topic ofAll = Topic.Create(@"Global\of-all", Small(SharedAccess.Everyone));
        using Topic groupTopic = Topic.Create(@"Global\group-topic", Small(SharedAccess.Group));
        // Whoever reads says how far it has come, which is a change.
        Assert.Throws<ArgumentException>(() => Topic.Create(@"Global\all-read", Small(SharedAccess.EveryoneRead)));
        using TopicSubscriber subscriber = ofAll.Subscribe();
        using TopicSubscriber groupSubscriber = groupTopic.Subscribe();
        Child.Do(IsStranger, root: root, prefix: Stranger, variables: _home);
        Assert.Equal(1, Next(subscriber));
        Assert.False(groupSubscriber.TryRead(out _));
        // It ended without leaving: its places are free.
        using (TopicPublisher next = ofAll.CreatePublisher())
            Assert.True(next.TryPublish([3]));
        Assert.Equal(3, Next(subscriber));
        Child.Do(IsMember, root: root, prefix: Member, variables: _home);
        Assert.Equal(2, Next(groupSubscriber));
        Assert.Equal(WaitResult.Signaled, groupSignal.Wait(TimeSpan.Zero));
        using MemoryView view = ofGroup.Map();
        Assert.Equal(8, view.Span[0]);
    }

    private static TopicOptions Small(SharedAccess access) => new() { Capacity = 64 << 10, MaxPublishers = 1, Access = access };

    private static int Next(TopicSubscriber subscriber)
    {
        Assert.True(subscriber.TryRead(out TopicMessage message));
        return message.Span[0];
    }

    [ChildPart]
    private static void IsStranger()
    {
        foreach (Action opens in new Action[]
                 {
                     () => SharedMemory.Open(@"Global\group-reads", MemoryAccess.Read), () => SharedMemory.Open(@"Global\of-group"),
                     () => SharedEvent.Open(@"Global\group-signal"), () => Topic.Open(@"Global\group-topic"),
                 })
        {
            string message = Scene.Refusal(FailureReason.AccessDenied, opens).Message;
            Assert.Contains(@"Global\", message, StringComparison.Ordinal);
        }
        Assert.True(Topic.Open(@"Global\of-all").CreatePublisher().TryPublish([1]));
    }

    [ChildPart]
    private static void IsMember()
    {
        Scene.Refusal(FailureReason.AccessDenied, () => SharedMemory.Open(@"Global\group-reads"));
        using (SharedMemory reads = SharedMemory.Open(@"Global\group-reads", MemoryAccess.Read))
        {
            using MemoryView view = reads.Map(access: MemoryAccess.Read);
            Assert.Equal(0, view.GetReadOnlySpan(0, 4096)[0]);
        }
        using (SharedMemory shared = SharedMemory.Open(@"Global\of-group"))
        {
            using MemoryView view = shared.Map();
            view.Span[0] = 8;
        }
        SharedEvent.Open(@"Global\group-signal").Set();
        Assert.True(Topic.Open(@"Global\group-topic").CreatePublisher().TryPublish([2]));
    }
}
