using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Samepage.Channels;

namespace Samepage.Conformance.Services;

/// <summary>Text and objects through a service, by a serializer for what is asked and one for what is answered.</summary>
public sealed partial class SerializedServiceTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly Utf8StringSerializer _text = Utf8StringSerializer.Instance;
    private static readonly JsonMessageSerializer<Sum> _json = new(SumContext.Default.Sum);

    [Fact]
    public async Task Calls_are_answered_with_objects()
    {
        using var stop = new CancellationTokenSource();
        using Service service = Service.Create(Expect.NewName());
        using ServiceServer server = service.Serve();
        using ServiceClient client = service.CreateClient();
        Task serving = server.RunAsync(static (Sum sum, CancellationToken _) => ValueTask.FromResult($"{sum.Name}: {sum.Parts.Sum()}"), _json, _text, cancellationToken: stop.Token);

        Assert.True(client.Call(new Sum("all", [1, 2, 3]), _json, out string? answer, _text, _patience));
        Assert.Equal("all: 6", answer);
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => client.CallAsync(new Sum("one", [i]), _json, _text, _patience).AsTask()));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"one: {i}"), answers);
        // What the server's serializers refuse, the client is told.
        SharedObjectException refused = await Assert.ThrowsAsync<SharedObjectException>(() => client.CallAsync("no json", _text, _text, _patience).AsTask());
        Assert.Equal(FailureReason.CallFailed, refused.Reason);
        await EndAsync(stop, serving);
    }

    [Fact]
    public async Task What_is_too_long_is_refused_and_the_place_is_free_again()
    {
        using Service service = Service.Create(Expect.NewName(), new ServiceOptions { LongestRequest = 64, ResponseRoom = 64, MaxCalls = 1 });
        using ServiceServer server = service.Serve();
        using ServiceClient client = service.CreateClient();
        Assert.Throws<ArgumentException>(() => client.Call(new string('x', 65), _text, out string? _, _text, _patience));
        await Assert.ThrowsAsync<ArgumentException>(() => client.CallAsync(new string('x', 65), _text, _text, _patience).AsTask());

        ValueTask<string> asked = client.CallAsync(new string('x', 64), _text, _text, _patience);
        Assert.True(server.TryTake(_patience, out ServiceRequest request));
        Assert.Equal(new string('x', 64), request.Read(_text));
        Assert.Throws<ArgumentException>(() => request.Reply(new string('y', 57), _text));
        Assert.True(request.Reply(new string('y', 56), _text));
        Assert.Equal(new string('y', 56), await asked);

        ValueTask<ServiceResponse> again = client.CallAsync([], _patience);
        Assert.True(server.TryTake(_patience, out request));
        Assert.True(request.Reply("in place", _text));
        using ServiceResponse response = await again;
        Assert.Equal("in place", response.Read(_text));
    }

    [Fact]
    public async Task Streams_of_objects_wait_for_room()
    {
        using var stop = new CancellationTokenSource();
        using Service service = Service.Create(Expect.NewName(), new ServiceOptions { ResponseRoom = 256 });
        using ServiceServer server = service.Serve();
        using ServiceClient client = service.CreateClient();
        Task serving = server.RunAsync(CountAsync, _json, _json, cancellationToken: stop.Token);
        int next = 0;
        await foreach (Sum sum in client.StreamAsync(new Sum("to", [300]), _json, _json, _patience))
            Assert.Equal(next++, sum.Parts[0]);
        Assert.Equal(300, next);
        await EndAsync(stop, serving);
    }

    [Fact]
    public async Task A_stream_by_hand_says_when_there_is_no_room()
    {
        using Service service = Service.Create(Expect.NewName(), new ServiceOptions { ResponseRoom = 256 });
        using ServiceServer server = service.Serve();
        using ServiceClient client = service.CreateClient();
        await using IAsyncEnumerator<string> stream = client.StreamAsync("count", _text, _text, _patience).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        ValueTask<bool> moving = stream.MoveNextAsync();
        Assert.True(server.TryTake(_patience, out ServiceRequest request));
        int written = 0;
        while (request.TryWrite($"number {written}", _text))
            written++;
        Assert.InRange(written, 5, 40);
        for (int i = 0; i < written; i++)
        {
            Assert.True(await moving);
            Assert.Equal($"number {i}", stream.Current);
            if (i == written - 1)
                Assert.True(await request.WriteAsync("the last", _text) && request.Complete());
            moving = stream.MoveNextAsync();
        }
        Assert.True(await moving);
        Assert.Equal("the last", stream.Current);
        Assert.False(await stream.MoveNextAsync());
    }

    private static async IAsyncEnumerable<Sum> CountAsync(Sum to, [EnumeratorCancellation] CancellationToken token)
    {
        for (int i = 0; i < to.Parts[0]; i++)
        {
            token.ThrowIfCancellationRequested();
            yield return new Sum("number", [i]);
        }
        await Task.CompletedTask;
    }

    private static async Task EndAsync(CancellationTokenSource stop, Task serving)
    {
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
    }

    public sealed record Sum(string Name, int[] Parts);

    [JsonSerializable(typeof(Sum))]
    private sealed partial class SumContext : JsonSerializerContext;
}
