using Samepage.Channels;
using Samepage.Layout;
using Samepage.Platform;

namespace Samepage.Processes;

/// <summary>A pipe whose memory somebody wrote into; and what an idle one, and a message, cost.</summary>
public sealed class PipeMemoryTests
{
    private const int Most = 200 * 1024;

    private static readonly PipeOptions _messages = new() { Mode = PipeMode.Messages };

    /// <summary>A pair, and its memory as another handle of it sees it.</summary>
    private static (PipeConnection Parent, PipeConnection Child, SharedMemory Memory) Pair(PipeOptions? options = null)
    {
        PipeConnection parent = PipeConnection.CreatePair(out string handle, options);
        PipeConnection child = PipeConnection.OpenHandle(handle);
        return (parent, child, SharedMemory.TryOpenOfKind(SharedObjectKind.Pipe, ObjectName.Parse(PartName.Of(ObjectName.Parse("pair"), handle)))!);
    }

    [Theory]
    [InlineData(0x0000_0000_FFFF_FFFFul)]
    [InlineData(0x0000_0000_8002_0001ul)]
    [InlineData(0x0000_0000_0000_0008ul)]
    [InlineData(0xFFFF_FFFF_4000_0000ul)]
    public void A_record_that_cannot_be_is_refused(ulong header)
    {
        (PipeConnection parent, PipeConnection child, SharedMemory memory) = Pair();
        using (parent)
        using (child)
        using (memory)
        {
            var layout = new ChannelLayout(2, 2, 256 << 10);
            using (MemoryView ring = memory.MapMirroredReserved(layout.RingOffset(0), 256 << 10))
                ring.GetReference<ulong>() = header;
            using Stream stream = child.AsStream();
            Assert.Equal(FailureReason.Corrupt, Assert.Throws<SharedObjectException>(() => stream.ReadByte()).Reason);
            // The other direction is as it was.
            stream.WriteByte(5);
            Assert.Equal(5, parent.AsStream(leaveOpen: true).ReadByte());
        }
    }

    [Fact]
    public void An_owner_that_cannot_be_is_refused()
    {
        (PipeConnection parent, PipeConnection child, SharedMemory memory) = Pair();
        using (parent)
        using (child)
        using (memory)
        using (MemoryView control = memory.Map(0, 4096 + 8192))
        {
            var layout = new ChannelLayout(2, 2, 256 << 10);
            control.GetReference<ulong>(ChannelLayout.LaneOffset(PipeSide.Maker) + LaneBlock.OwnerOffset) = 77;
            control.GetReference<ulong>(layout.ReaderOffset(PipeSide.Maker) + ReaderBlock.OwnerOffset) = 77;
            using Stream stream = child.AsStream();
            Assert.Equal(FailureReason.Corrupt, Assert.Throws<SharedObjectException>(() => stream.ReadByte()).Reason);
            Assert.Equal(FailureReason.Corrupt, Assert.Throws<SharedObjectException>(() => stream.WriteByte(1)).Reason);
        }
    }

    /// <summary>What a client writes into the place where it asks hurts nobody but itself.</summary>
    [Fact]
    public async Task A_request_for_nothing_is_passed_over()
    {
        const string Name = "pipe-request-for-nothing";
        using PipeListener listener = PipeListener.Create(Name, new PipeOptions { Backlog = 3 });
        using (SharedMemory memory = SharedMemory.TryOpenOfKind(SharedObjectKind.Pipe, ObjectName.Parse(Name))!)
        using (MemoryView control = memory.Map(0, 4096 + 2048))
        {
            var layout = new ChannelLayout(1, 3, 256 << 10);
            for (int place = 0; place < 3; place++)
                control.GetReference<ulong>(layout.ReaderOffset(place) + ReaderBlock.PositionOffset(0)) = ConnectRequest.Asked(ulong.MaxValue) + (ulong)place;
        }
        Assert.False(listener.TryAccept(out _));
        Task<PipeConnection> connecting = PipeConnection.ConnectAsync(Name, TimeSpan.FromSeconds(20), cancellationToken: TestContext.Current.CancellationToken).AsTask();
        Assert.True(listener.TryAccept(TimeSpan.FromSeconds(20), out PipeConnection? server, TestContext.Current.CancellationToken));
        server.Dispose();
        (await connecting).Dispose();
    }

    [Fact]
    public void An_idle_connection_takes_little_memory()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Linux an object's file says what it takes.");
        (PipeConnection parent, PipeConnection child, SharedMemory memory) = Pair();
        using (parent)
        using (child)
        using (memory)
        {
            long taken = Isolation.Files().Sum(Taken);
            Assert.InRange(taken, 1, Most);
        }
    }

    private static long Taken(string file)
    {
        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%b", file]) { RedirectStandardOutput = true })!;
        string blocks = stat.StandardOutput.ReadToEnd();
        stat.WaitForExit();
        return 512 * long.Parse(blocks, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void A_message_allocates_nothing()
    {
        (PipeConnection parent, PipeConnection child, SharedMemory memory) = Pair(_messages);
        using (parent)
        using (child)
        using (memory)
        {
            byte[] bytes = new byte[100];
            AllocatesNothing(() =>
            {
                Assert.True(parent.TryWrite(bytes));
                if (parent.TryLoan(8, out PipeLoan loan))
                    loan.Write();
                for (int i = 0; i < 2; i++)
                {
                    if (child.TryRead(out PipeMessage message))
                        message.Dispose();
                }
            });
        }
    }

    [Fact]
    public void A_stream_allocates_nothing()
    {
        (PipeConnection parent, PipeConnection child, SharedMemory memory) = Pair();
        using (parent)
        using (child)
        using (memory)
        using (Stream to = parent.AsStream(), from = child.AsStream())
        {
            byte[] bytes = new byte[700];
            AllocatesNothing(() =>
            {
                to.Write(bytes);
                _ = from.Read(bytes);
                to.Write(bytes.AsSpan(0, 10));
                _ = from.Read(bytes.AsSpan(0, 10));
            });
        }
    }

    private static void AllocatesNothing(Action action)
    {
        for (int i = 0; i < 2_000; i++)
            action();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 2_000; i++)
            action();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
