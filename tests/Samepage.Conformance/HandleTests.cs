using Samepage.Conformance.Peers;

namespace Samepage.Conformance;

/// <summary>Handles on their way from process to process: W18.</summary>
/// <remarks>Alone: a handle made inheritable goes to every child that is started meanwhile, and other tests start children.</remarks>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Inheritance;

[Collection(typeof(Inheritance))]
public sealed class HandleTests
{
    [Fact]
    public void W18_An_anonymous_section_is_inherited_by_a_child()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(100_000);
        using MemoryView view = section.Map();
        view.Span[99_999] = 0x31;
        Assert.Null(section.Name);
        using LentHandle handle = section.GetClientHandle();
        using Peer child = Peer.Start();
        string text = handle.Text;
        handle.Dispose();
        child.Do("adopt-section", "s", text);
        Assert.Equal("100000", child.Do("section-size", "s"));
        child.Do("map", "v", "s", 0, 0);
        Assert.Equal("31", child.Do("read", "v", 99_999, 1));
        child.Do("write", "v", 0, "32");
        Assert.Equal(0x32, view.Span[0]);
    }

    [Fact]
    public void W18_A_child_started_before_the_handle_was_made_does_not_have_it()
    {
        using Peer child = Peer.Start();
        using SharedMemory section = SharedMemory.CreateAnonymous(4096);
        using LentHandle handle = section.GetClientHandle();
        Expect.PeerRefusal(FailureReason.NotFound, 2, () => child.Do("adopt-section", "s", handle.Text));
    }

    [Fact]
    public void W18_A_section_is_offered_to_a_process_that_runs_already()
    {
        using Peer other = Peer.Start();
        using SharedMemory section = SharedMemory.CreateAnonymous(50_000);
        using MemoryView view = section.Map();
        view.Span[1] = 0x77;
        using (LentHandle offer = section.Offer())
        {
            Assert.Equal(offer.Text, offer.ToString());
            other.Do("adopt-section", "s", offer.Text);
        }
        other.Do("map", "v", "s", 0, 0);
        Assert.Equal("77", other.Do("read", "v", 1, 1));
        other.Do("write", "v", 2, "78");
        Assert.Equal(0x78, view.Span[2]);
    }

    [Fact]
    public void W18_A_section_that_another_process_offers_is_taken_here_and_outlives_it()
    {
        using Peer other = Peer.Start();
        other.Do("anonymous-section", "s", 4096);
        other.Do("map", "v", "s", 0, 0);
        other.Do("write", "v", 10, "ABCD");
        using SharedMemory section = SharedMemory.OpenHandle(other.Do("offer", "o", "s"));
        other.Kill();
        using MemoryView view = section.Map();
        Assert.Equal(new byte[] { 0xAB, 0xCD }, view.GetReadOnlySpan(10, 2).ToArray());
    }

    [Fact]
    public void W18_An_offer_that_was_withdrawn_is_refused()
    {
        using Peer other = Peer.Start();
        other.Do("anonymous-section", "s", 4096);
        string text = other.Do("offer", "o", "s");
        other.Do("dispose", "o");
        Expect.Refusal(FailureReason.NotFound, 2, () => SharedMemory.OpenHandle(text));
        text = other.Do("offer", "o", "s");
        other.Kill();
        Expect.Refusal(FailureReason.NotFound, 2, () => SharedMemory.OpenHandle(text));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("samepage:")]
    [InlineData(":::::::")]
    public void W18_A_text_that_is_no_handle_is_refused(string text) =>
        Assert.Throws<ArgumentException>(() => SharedMemory.OpenHandle(text));

    [Fact]
    public void W18_No_text_is_refused()
    {
        Assert.Throws<ArgumentException>(() => SharedMemory.OpenHandle(""));
        Assert.Throws<ArgumentNullException>(() => SharedMemory.OpenHandle(null!));
    }

    [Fact]
    public void W18_A_handle_passes_on_no_more_than_it_may_itself()
    {
        string name = Expect.NewName();
        using SharedMemory section = SharedMemory.Create(name, 4096);
        using SharedMemory readable = SharedMemory.Open(name, MemoryAccess.Read);
        using LentHandle offer = readable.Offer();
        using SharedMemory taken = SharedMemory.OpenHandle(offer.Text);
        Assert.Equal(MemoryAccess.Read, taken.Access);
        Expect.Refusal(FailureReason.AccessDenied, 5, () => taken.Map(0, 0, MemoryAccess.ReadWrite));
    }

    [Fact]
    public void W18_A_named_section_that_was_passed_on_keeps_its_name_alive()
    {
        string name = Expect.NewName();
        using Peer other = Peer.Start();
        using (SharedMemory section = SharedMemory.Create(name, 4096))
        {
            using LentHandle offer = section.Offer();
            other.Do("adopt-section", "s", offer.Text);
        }
        Assert.True(SharedMemory.Exists(name));
        Assert.StartsWith(name + "|Section|", other.Do("section-info", "s"), StringComparison.Ordinal);
        other.Do("dispose", "s");
        Assert.False(SharedMemory.Exists(name));
    }

    [Fact]
    public void W18_A_section_over_a_file_is_passed_on_with_its_size()
    {
        using var file = new TemporaryFile([1, 2, 3, 4, 5, 6]);
        using SharedMemory section = SharedMemory.CreateFromFile(file.Path, null, 5);
        using Peer other = Peer.Start();
        using LentHandle offer = section.Offer();
        other.Do("adopt-section", "s", offer.Text);
        Assert.Equal("5", other.Do("section-size", "s"));
        other.Do("map", "v", "s", 0, 0);
        Assert.Equal("0102030405", other.Do("read", "v", 0, 5));
    }

    [Fact]
    public void W18_A_reserved_section_goes_on_growing_in_the_process_that_took_it()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(1 << 20, new SharedMemoryOptions { Reserve = true, InitialCommit = 65536 });
        using Peer other = Peer.Start();
        using LentHandle offer = section.Offer();
        other.Do("adopt-section", "s", offer.Text);
        other.Do("commit", "s", 131072);
        Assert.Equal(131072, section.CommittedSize);
    }

    [Fact]
    public void W18_Its_own_offer_is_as_good_as_a_second_handle()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(4096);
        using LentHandle offer = section.Offer();
        using SharedMemory same = SharedMemory.OpenHandle(offer.Text);
        using MemoryView one = section.Map();
        using MemoryView other = same.Map();
        one.Span[5] = 5;
        Assert.Equal(5, other.Span[5]);
        Assert.Equal(Environment.ProcessId, same.Info.CreatorProcessId);
    }
}
