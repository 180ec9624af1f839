using Samepage.Bench.Cases;
using Samepage.Channels;

namespace Samepage.Bench.Rivals.Samepage;

/// <summary>The client's side, whose message is a call and comes back with its response, or the server's, whose message is the response to the last request.</summary>
internal struct ServiceEnd(ServiceClient? client, ServiceServer? server, int size) : IRivalEnd
{
    private readonly byte[] _message = new byte[size];
    private ServiceRequest _request;
    private ulong _answer;

    public void Send(int length, ulong number)
    {
        Words.Fill(_message, number);
        if (client is null)
        {
            _ = _request.Reply(_message);
            return;
        }
        if (!client.Call(_message, out ServiceResponse response, Timeout.InfiniteTimeSpan))
            throw new InvalidOperationException("A call without an end has ended.");
        _answer = Words.Read(response.Span);
        response.Dispose();
    }

    public ulong Receive(int length)
    {
        if (server is null)
            return _answer;
        if (!server.TryTake(Timeout.InfiniteTimeSpan, out _request))
            throw new InvalidOperationException("A wait without an end has ended.");
        return Words.Read(_request.Span);
    }
}
