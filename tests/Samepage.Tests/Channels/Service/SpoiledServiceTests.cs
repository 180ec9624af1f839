using FsCheck;
using FsCheck.Fluent;
using Samepage.Channels;
using Samepage.Layout;
using Samepage.Platform;
using Samepage.Tests.Support;

namespace Samepage.Tests.Channels.Services;

/// <summary>Whatever somebody writes into a service's memory: it is refused as damaged, or harmless; nothing hangs, and nothing outside is read.</summary>
public sealed class SpoiledServiceTests
{
    private const int Calls = 4;
    private const int Clients = 2;
    private static readonly ServiceOptions _options = new() { LongestRequest = 64, ResponseRoom = 256, MaxCalls = Calls, MaxClients = Clients, MaxServers = 2 };
    private static readonly ChannelLayout _layout = new(Clients, 2, 65536);
    private static readonly CallBlock _block = new(64, 256);
    private static readonly TimeSpan _tick = TimeSpan.FromTicks(1);

    private static readonly long[] _telling =
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 15, 0x12, 0x15, 0x1_0012, 0x1_0013, 0x2_0012, 64, 256, 264, 65535, 1L << 31, 0xFFFF_FFFF, 1L << 40, 1L << 62, long.MaxValue, -1, -8, long.MinValue];

    private static readonly Gen<long> _value = Gen.OneOf(Gen.Elements(_telling), Gen.Choose(int.MinValue, int.MaxValue).Select(v => (long)v));

    /// <summary>All that the service knows of itself after its first page is made, and what is in the places that are used.</summary>
    private static readonly Gen<long> _offset = Gen.OneOf(
        Gen.Constant((long)ChannelHeader.LanesUsedOffset),
        Gen.Choose(ChannelLayout.ReadersAsleep / 8, (int)(_layout.ControlLength / 8) - 1).Select(w => 8L * w),
        from lane in Gen.Choose(0, Clients - 1)
        from field in Gen.Elements(LaneBlock.OwnerOffset, LaneBlock.MemoryOffset, CallBlock.UsedOffset)
        select ChannelLayout.LaneOffset(lane) + field,
        from lane in Gen.Choose(0, Clients - 1)
        from place in Gen.Choose(0, Calls - 1)
        from word in Gen.OneOf(Gen.Choose(0, 5), Gen.Choose(0, (int)(_block.Length / 8) - 1), Gen.Choose(_block.ResponsesOffset / 8, _block.ResponsesOffset / 8 + 8))
        select _layout.RingOffset(lane) + place * _block.Length + 8L * word);

    private static readonly Gen<(long Offset, long Value)[]> _spoils =
        (from offset in _offset from value in _value select (offset, value)).NonEmptyListOf().Select(l => l.Take(6).ToArray());

    [Fact]
    public void Those_who_have_it_open_go_on_or_say_that_it_is_damaged() =>
        Prop.ForAll(_spoils.ToArbitrary(), Gen.Choose(0, 4).ToArbitrary(), (spoils, asked) =>
        {
            using Service service = Service.Create(Scene.NewName(), _options);
            using SharedMemory memory = SharedMemory.TryOpenOfKind(SharedObjectKind.Service, ObjectName.Parse(service.Name))!;
            memory.Commit(memory.Size);
            using MemoryView view = memory.Map();
            ServiceClient client = service.CreateClient(WaitStrategy.Block);
            ServiceServer server = service.Serve(WaitStrategy.Block);
            var taken = new List<ServiceRequest>();
            var calls = new List<Task>();
            for (int i = 0; i < asked; i++)
            {
                calls.Add(i % 2 == 0 ? client.CallAsync(new byte[i], TimeSpan.FromMilliseconds(1)).AsTask() : ReadAsync(client));
                if (i % 3 != 2 && server.TryTake(out ServiceRequest request))
                    taken.Add(request);
            }
            foreach ((long offset, long value) in spoils)
                view.GetReference<long>(offset) = value;
            foreach (ServiceRequest request in taken)
                OrDamaged(service.Name, () => Answer(request));
            UseAll(service, client, server);
            // Each call has a time, and ends with it at the latest.
            foreach (Task call in calls)
                OrDamaged(service.Name, () => Assert.True(call.Wait(TimeSpan.FromSeconds(20)), "a call does not end"));
            OrDamaged(service.Name, server.Dispose);
            OrDamaged(service.Name, client.Dispose);
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(300));

    private static async Task ReadAsync(ServiceClient client)
    {
        await foreach (ServiceResponse response in client.StreamAsync(new byte[9], TimeSpan.FromMilliseconds(1)))
            Assert.True(Sum(response.Span) >= 0);
    }

    private static void UseAll(Service service, ServiceClient client, ServiceServer server)
    {
        OrDamaged(service.Name, () =>
        {
            for (int i = 0; i < 20 && server.TryTake(out ServiceRequest request); i++)
                Answer(request);
        });
        OrDamaged(service.Name, () => server.WaitToTake(_tick));
        OrDamaged(service.Name, () => ChannelInspector.Find(service.Name));
        for (int i = 0; i < 6; i++)
        {
            OrDamaged(service.Name, () =>
            {
                if (client.Call(new byte[10], out ServiceResponse response, _tick))
                {
                    using (response)
                        Assert.True(Sum(response.Span) >= 0);
                }
            });
        }
        OrDamaged(service.Name, () =>
        {
            using ServiceServer late = service.Serve();
            _ = late.TryTake(out _);
        });
        OrDamaged(service.Name, () =>
        {
            using ServiceClient late = service.CreateClient();
            _ = late.Call([], out _, TimeSpan.Zero);
        });
    }

    private static void Answer(ServiceRequest request)
    {
        Assert.True(Sum(request.Span) >= 0);
        _ = request.TraceContext;
        if (!request.IsStream)
        {
            _ = request.Reply(new byte[40]);
            return;
        }
        for (int i = 0; i < 20 && request.TryWrite(new byte[i * 12]); i++)
        {
        }
        _ = request.Complete();
    }

    private static long Sum(ReadOnlySpan<byte> bytes)
    {
        long sum = 0;
        foreach (byte b in bytes)
            sum += b;
        return sum;
    }

    private static void OrDamaged(string name, Action action)
    {
        Exception? thrown = Record.Exception(action);
        if (thrown is AggregateException several)
            thrown = several.InnerException;
        if (thrown is null or TimeoutException or InvalidOperationException)
            return;
        var refused = Assert.IsType<SharedObjectException>(thrown);
        Assert.True(refused.Reason is FailureReason.Corrupt or FailureReason.LimitReached or FailureReason.PeerDied or FailureReason.PeerClosed or FailureReason.CallFailed, refused.Message);
        Assert.Equal(name, refused.ObjectName);
    }
}
