using System.Text;
using Samepage.Channels;

namespace Samepage.Conformance.Services;

/// <summary>Services: many clients, many servers, each request answered by one of them.</summary>
public sealed class ServiceTests
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _shortly = TimeSpan.FromMilliseconds(50);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Service<int, long> New(ServiceOptions? options = null) => Service<int, long>.Create(Expect.NewName(), options);

    [Fact]
    public void A_call_is_answered_by_whoever_takes_it()
    {
        using Service service = Service.Create(Expect.NewName());
        using ServiceServer server = service.Serve();
        using ServiceClient client = service.CreateClient();
        Assert.False(server.TryTake(out _));
        for (int round = 0; round < 1000; round++)
        {
            byte[] asked = Encoding.UTF8.GetBytes(new string('a', round % 1024)), answered = new byte[round * 3 % 4089];
            answered.AsSpan().Fill((byte)round);
            Task<bool> serving = Task.Run(() =>
            {
                Assert.True(server.TryTake(_bound, out ServiceRequest request, Token));
                Assert.True(request.Span.SequenceEqual(asked));
                Assert.False(request.IsCancelled);
                return request.Reply(answered);
            });
            Assert.True(client.Call(asked, out ServiceResponse response, _bound, cancellationToken: Token));
            Assert.True(response.Span.SequenceEqual(answered));
            response.Dispose();
            Assert.Throws<ObjectDisposedException>(() => response.Span.Length);
            Assert.True(serving.Result);
        }
    }

    [Fact]
    public async Task Many_calls_are_in_flight_and_are_answered_in_any_order()
    {
        using Service<int, long> service = New();
        using ServiceServer<int, long> server = service.Serve();
        using ServiceClient<int, long> client = service.CreateClient();
        ValueTask<long>[] calls = [.. Enumerable.Range(0, 64).Select(i => client.CallAsync(i, _bound, cancellationToken: Token))];
        await Refused(FailureReason.LimitReached, () => client.CallAsync(64).AsTask());
        var taken = new List<ServiceRequest<int, long>>();
        while (server.TryTake(out ServiceRequest<int, long> request))
            taken.Add(request);
        Assert.Equal(Enumerable.Range(0, 64), taken.Select(r => r.Value).Order());
        foreach (ServiceRequest<int, long> request in Enumerable.Reverse(taken))
            Assert.True(request.Reply(request.Value * 10L));
        for (int i = 0; i < calls.Length; i++)
            Assert.Equal(i * 10L, await calls[i]);
        Assert.Throws<InvalidOperationException>(() => taken[0].Reply(1));
    }

    [Fact]
    public async Task Several_servers_share_the_load_of_several_clients_on_several_threads()
    {
        const int Each = 2000;
        using Service<int, long> service = New();
        using var over = new CancellationTokenSource();
        using ServiceServer<int, long> one = service.Serve(), other = service.Serve();
        int[] served = new int[2];
        Task[] serving =
        [
            one.RunAsync((int x, CancellationToken token) => { _ = Interlocked.Increment(ref served[0]); return new ValueTask<long>(x + 1L); }, atOnce: 4, cancellationToken: over.Token),
            other.RunAsync(async (int x, CancellationToken token) => { _ = Interlocked.Increment(ref served[1]); await Task.Yield(); return x + 1L; }, atOnce: 4, cancellationToken: over.Token),
        ];
        using ServiceClient<int, long> shared = service.CreateClient();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            using ServiceClient<int, long> own = service.CreateClient();
            ServiceClient<int, long> client = i % 2 == 0 ? shared : own;
            for (int n = 0; n < Each; n++)
            {
                if (n % 3 == 0)
                    Assert.Equal(n + 1, await client.CallAsync(n, _bound, cancellationToken: Token));
                else
                {
                    Assert.True(client.Call(n, out long answer, _bound, cancellationToken: Token));
                    Assert.Equal(n + 1, answer);
                }
            }
        }, Token)));
        await over.CancelAsync();
        foreach (Task task in serving)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        Assert.Equal(4 * Each, served.Sum());
    }

    [Fact]
    public void A_call_waits_for_a_server_until_its_time_is_up()
    {
        using Service<int, long> service = New();
        using ServiceClient<int, long> client = service.CreateClient();
        Assert.False(client.Call(1, out _, TimeSpan.Zero));
        Assert.False(client.Call(2, out _, _shortly));
        Task<long> calling = Task.Run(() => client.Call(3));
        using ServiceServer<int, long> server = service.Serve();
        Assert.True(server.TryTake(_bound, out ServiceRequest<int, long> request, Token));
        Assert.Equal(3, request.Value);
        Assert.True(request.Reply(30));
        Assert.Equal(30, calling.Result);
        Assert.False(server.TryTake(out _));
    }

    [Fact]
    public async Task A_deadline_reaches_the_server()
    {
        using Service<int, long> service = New();
        using ServiceServer<int, long> server = service.Serve();
        using ServiceClient<int, long> client = service.CreateClient();
        Task<bool> sync = Task.Run(() => client.Call(1, out _, _shortly));
        Assert.True(server.TryTake(_bound, out ServiceRequest<int, long> first, Token));
        await Cancelled(first.CancellationToken);
        Assert.False(await sync);
        Assert.True(first.IsCancelled);
        Task<long> calling = client.CallAsync(2, _shortly, cancellationToken: Token).AsTask();
        Assert.True(server.TryTake(_bound, out ServiceRequest<int, long> second, Token));
        await Cancelled(second.CancellationToken);
        await Assert.ThrowsAsync<TimeoutException>(() => calling);
        Assert.False(first.Reply(1));
        Assert.False(second.Reply(2));
    }

    [Fact]
    public async Task Cancellation_reaches_the_server_and_frees_the_place_when_that_has_answered()
    {
        using Service<int, long> service = New(new ServiceOptions { MaxCalls = 1 });
        using ServiceServer<int, long> server = service.Serve();
        using ServiceClient<int, long> client = service.CreateClient();
        using var cancel = new CancellationTokenSource();
        Task<long> calling = client.CallAsync(1, _bound, cancellationToken: cancel.Token).AsTask();
        Assert.True(server.TryTake(_bound, out ServiceRequest<int, long> request, Token));
        Assert.False(request.CancellationToken.IsCancellationRequested);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);
        await Cancelled(request.CancellationToken);
        await Refused(FailureReason.LimitReached, () => client.CallAsync(2).AsTask());
        Assert.False(request.Reply(1));
        ValueTask<long> next = client.CallAsync(3, _bound, cancellationToken: Token);
        Assert.True(server.TryTake(_bound, out request, Token));
        Assert.Equal(3, request.Value);
        Assert.False(request.CancellationToken.IsCancellationRequested);
        Assert.True(request.Reply(30));
        Assert.Equal(30, await next);
    }

    [Fact]
    public async Task A_call_that_nobody_has_is_cancelled_at_once()
    {
        using Service<int, long> service = New(new ServiceOptions { MaxCalls = 1 });
        using ServiceClient<int, long> client = service.CreateClient();
        using var cancel = new CancellationTokenSource();
        Task<long> calling = client.CallAsync(1, cancellationToken: cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);
        Assert.Throws<OperationCanceledException>(() => client.Call(2, cancellationToken: cancel.Token));
        using ServiceServer<int, long> server = service.Serve();
        Assert.False(server.TryTake(out _));
        Assert.False(client.Call(2, out _, TimeSpan.Zero));
    }

    [Fact]
    public async Task What_a_handler_throws_the_client_is_told()
    {
        using Service<int, long> service = New();
        using ServiceServer<int, long> server = service.Serve();
        using ServiceClient<int, long> client = service.CreateClient();
        using var over = new CancellationTokenSource();
        Task serving = server.RunAsync((x, _) => x == 1 ? throw new InvalidOperationException("no such ärticle" + new string('!', 300)) : new ValueTask<long>(x), 1, over.Token);
        SharedObjectException failed = await Refused(FailureReason.CallFailed, () => client.CallAsync(1, _bound, cancellationToken: Token).AsTask());
        Assert.StartsWith("no such ärticle!!!", failed.Message, StringComparison.Ordinal);
        Assert.Equal(service.Name, failed.ObjectName);
        Assert.Equal(2, await client.CallAsync(2, _bound, cancellationToken: Token));
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
    }

    [Fact]
    public async Task A_server_that_leaves_fails_its_calls_or_the_next_is_asked()
    {
        using Service<int, long> service = New();
        using ServiceClient<int, long> client = service.CreateClient();
        var leaving = service.Serve();
        Task<long> failing = client.CallAsync(1, _bound, cancellationToken: Token).AsTask();
        Task<long> again = client.CallAsync(2, _bound, retryOnDeath: true, Token).AsTask();
        Task<long> sync = Task.Run(() => client.Call(3, retryOnDeath: true, Token));
        for (int i = 0; i < 3; i++)
            Assert.True(leaving.TryTake(_bound, out _, Token));
        leaving.Dispose();
        await Refused(FailureReason.PeerClosed, () => failing);
        using ServiceServer<int, long> next = service.Serve();
        for (int i = 0; i < 2; i++)
        {
            Assert.True(next.TryTake(_bound, out ServiceRequest<int, long> request, Token));
            Assert.True(request.Reply(request.Value * 10));
        }
        Assert.Equal((20, 30), (await again, await sync));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5000)]
    public async Task A_stream_has_as_many_responses_as_the_server_gives(int count)
    {
        using Service<int, long> service = New();
        using ServiceServer<int, long> server = service.Serve();
        using ServiceClient<int, long> client = service.CreateClient();
        using var over = new CancellationTokenSource();
        Task serving = server.RunAsync((x, token) => Count(x, token), 2, over.Token);
        for (int round = 0; round < 2; round++)
        {
            long expected = 0;
            await foreach (long got in client.StreamAsync(count, _bound, cancellationToken: Token))
                Assert.Equal(expected++, got);
            Assert.Equal(count, expected);
        }
        await Refused(FailureReason.CallFailed, () => client.CallAsync(1, _bound, cancellationToken: Token).AsTask());
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
    }

    [Fact]
    public async Task Responses_of_all_lengths_pass_around_the_ring()
    {
        using Service service = Service.Create(Expect.NewName(), new ServiceOptions { ResponseRoom = 256 });
        using ServiceServer server = service.Serve();
        using ServiceClient client = service.CreateClient();
        using var over = new CancellationTokenSource();
        Task serving = server.RunAsync(async request =>
        {
            var random = new Random(7);
            for (int i = 0; i < 2000; i++)
                Assert.True(await request.WriteAsync(Bytes(random)));
            Assert.True(request.Complete());
        }, 1, over.Token);
        var same = new Random(7);
        int read = 0;
        await foreach (ServiceResponse response in client.StreamAsync(new byte[3], _bound, cancellationToken: Token))
        {
            Assert.True(response.Span.SequenceEqual(Bytes(same)));
            read++;
        }
        Assert.Equal(2000, read);
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);

        static byte[] Bytes(Random random)
        {
            byte[] bytes = new byte[random.Next(0, 249)];
            random.NextBytes(bytes);
            return bytes;
        }
    }

    [Fact]
    public async Task A_stream_that_is_not_read_on_is_cancelled_at_the_server()
    {
        using Service<int, long> service = New();
        using ServiceServer<int, long> server = service.Serve();
        using ServiceClient<int, long> client = service.CreateClient();
        using var over = new CancellationTokenSource();
        var ended = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task serving = server.RunAsync((_, token) => Forever(token), 2, over.Token);
        await foreach (long got in client.StreamAsync(0, _bound, cancellationToken: Token))
        {
            if (got == 100)
                break;
        }
        Assert.True((await ended.Task.WaitAsync(_bound, Token)).CanBeCanceled);
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);

        async IAsyncEnumerable<long> Forever([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token = default)
        {
            try
            {
                for (long i = 0; ; i++)
                    yield return await ValueTask.FromResult(i);
            }
            finally
            {
                ended.SetResult(token);
            }
        }
    }

    [Fact]
    public async Task Whoever_disposes_its_end_ends_what_waits_there()
    {
        using Service<int, long> service = New();
        ServiceClient<int, long> client = service.CreateClient();
        using ServiceServer<int, long> server = service.Serve();
        Task<long> waiting = client.CallAsync(1).AsTask();
        Task<long> sync = Task.Run(() => client.Call(2));
        for (int i = 0; i < 2; i++)
            Assert.True(server.TryTake(_bound, out _, Token));
        client.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => sync);
        Assert.Throws<ObjectDisposedException>(() => client.Call(3));
        Task<ServiceRequest<int, long>> taking = server.TakeAsync(Token).AsTask();
        server.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => taking);
    }

    [Fact]
    public void It_is_made_and_opened_as_all_objects_are()
    {
        string name = Expect.NewName();
        Assert.False(Service.Exists(name));
        Refused(FailureReason.NotFound, () => { _ = Service.Open(name); });
        using Service<int, long> service = Service<int, long>.Create(name);
        Assert.True(Service.Exists(name));
        Refused(FailureReason.AlreadyExists, () => { _ = Service.Create(name); });
        Refused(FailureReason.WrongKind, () => { _ = Queue.CreateOrOpen(name); });
        Refused(FailureReason.VersionMismatch, () => { _ = Service<int, int>.Open(name); });
        Refused(FailureReason.VersionMismatch, () => { _ = Service<long, long>.CreateOrOpen(name); });
        using Service<int, long> again = Service<int, long>.CreateOrOpen(name, out bool created);
        Assert.False(created);
        using Service bytes = Service.Open(name);
        using ServiceClient client = bytes.CreateClient();
        Assert.Throws<ArgumentException>(() => client.Call(new byte[65], out _, _shortly));
        using ServiceServer<int, long> server = service.Serve();
        _ = Assert.Throws<ArgumentException>(() => Service.Create(Expect.NewName("other"), new ServiceOptions { MaxCalls = 0 }));
    }

    private static async IAsyncEnumerable<long> Count(int count, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token = default)
    {
        for (long i = 0; i < count; i++)
        {
            token.ThrowIfCancellationRequested();
            if (i % 100 == 0)
                await Task.Yield();
            yield return i;
        }
    }

    private static async Task Cancelled(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (token.Register(cancelled.SetResult))
            await cancelled.Task.WaitAsync(_bound, Token);
    }

    private static void Refused(FailureReason reason, Action action) =>
        Assert.Equal(reason, Assert.Throws<SharedObjectException>(action).Reason);

    private static async Task<SharedObjectException> Refused(FailureReason reason, Func<Task> call)
    {
        SharedObjectException refused = await Assert.ThrowsAsync<SharedObjectException>(call);
        Assert.Equal(reason, refused.Reason);
        return refused;
    }
}
