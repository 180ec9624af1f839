using Samepage.Bench.Rivals;

namespace Samepage.Bench.Kestrel;

/// <summary>The client's end: a request goes with the wait for its response.</summary>
internal readonly struct HttpEnd(HttpExchange client) : IRivalEnd
{
    public void Send(int length, ulong number) => client.Post(number);

    public ulong Receive(int length) => client.ReadResponse();
}
