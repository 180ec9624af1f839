using Samepage.Platform;

namespace Samepage.Processes;

/// <summary>The kinds of channels in the one namespace of all objects, whatever will lie in them.</summary>
public sealed class ChannelKindTests
{
    public static TheoryData<SharedObjectKind> Channels => [SharedObjectKind.Pipe, SharedObjectKind.Topic, SharedObjectKind.Queue, SharedObjectKind.Cell, SharedObjectKind.CellMap, SharedObjectKind.Service];

    [Theory]
    [MemberData(nameof(Channels))]
    public void A_channel_is_listed_and_opened_as_what_it_is(SharedObjectKind kind)
    {
        string name = $"channel-{kind}";
        using (SharedMemory memory = Create(kind, name))
        {
            Assert.Equal(kind, memory.Info.Kind);
            SharedObjectInfo listed = Assert.Single(SharedObjects.List(), o => o.Name == name);
            Assert.Equal((kind, memory.Size, null), (listed.Kind, listed.Size, listed.State));
            Assert.Equal(kind, SharedObjects.Find(name)?.Kind);
            using SharedMemory? opened = SharedMemory.TryOpenOfKind(kind, ObjectName.Parse(name));
            Assert.Equal(kind, opened?.Info.Kind);
        }
        Assert.Null(SharedObjects.Find(name));
        Assert.Null(SharedMemory.TryOpenOfKind(kind, ObjectName.Parse(name)));
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public void The_name_of_a_channel_is_no_other_objects(SharedObjectKind kind)
    {
        string name = $"taken-{kind}";
        using SharedMemory memory = Create(kind, name);
        IEnumerable<SharedObjectKind> others = Channels.Select(row => row.Data).Where(k => k != kind);
        Refused(() => SharedMemory.Open(name), kind);
        Refused(() => SharedMemory.CreateOrOpen(name, 4096), kind);
        foreach (SharedObjectKind other in others)
        {
            Refused(() => SharedMemory.TryOpenOfKind(other, ObjectName.Parse(name)), kind);
            Refused(() => Create(other, name, openExisting: true), kind);
        }
        Assert.Equal(FailureReason.WrongKind, Assert.Throws<SharedObjectException>(() => SharedMutex.Open(name)).Reason);
        Assert.Equal(FailureReason.AlreadyExists, Assert.Throws<SharedObjectException>(() => Create(kind, name)).Reason);
        using Peer peer = new();
        Assert.Equal(kind.ToString(), peer.Do($"kind {name}"));
    }

    private static void Refused(Func<object?> open, SharedObjectKind found)
    {
        SharedObjectException refused = Assert.Throws<SharedObjectException>(open);
        Assert.Equal(FailureReason.WrongKind, refused.Reason);
        Assert.Contains(found.Article(), refused.Message, StringComparison.Ordinal);
    }

    private static SharedMemory Create(SharedObjectKind kind, string name, bool openExisting = false) =>
        SharedMemory.OfKind(kind, ObjectName.Parse(name), 1L << 24, new SharedMemoryOptions { Reserve = true, InitialCommit = 4096 }, openExisting, out _);
}
