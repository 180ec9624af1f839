using System.Net.Sockets;
using Samepage.Bench.Cases;

namespace Samepage.Bench.Kestrel;

/// <summary>One connection that is kept, synchronous calls, and buffers and content that are used again.</summary>
internal sealed class HttpExchange : IDisposable
{
    private static readonly Uri _address = new("http://localhost/");

    private readonly HttpClient _client;
    private readonly byte[] _request;
    private readonly byte[] _response;
    private readonly ByteArrayContent _content;
    private HttpResponseMessage? _pending;

    public HttpExchange(string path, int size)
    {
        _request = new byte[size];
        _response = new byte[size];
        _content = new ByteArrayContent(_request);
        _client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            // Done when it returns: a synchronous request waits for nobody else's thread.
            ConnectCallback = (_, _) => ValueTask.FromResult<Stream>(Connect(path)),
        });
    }

    public void Post(ulong number)
    {
        Words.Fill(_request, number);
        // Not disposed of: that would take the content with it.
        var message = new HttpRequestMessage(HttpMethod.Post, _address) { Content = _content };
        _pending = _client.Send(message, HttpCompletionOption.ResponseHeadersRead);
    }

    public ulong ReadResponse()
    {
        using (HttpResponseMessage response = _pending!.EnsureSuccessStatusCode())
        {
            using Stream body = response.Content.ReadAsStream();
            body.ReadExactly(_response);
        }
        return Words.Read(_response);
    }

    public void Dispose()
    {
        _content.Dispose();
        _client.Dispose();
    }

    private static NetworkStream Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return new NetworkStream(socket, ownsSocket: true);
    }
}
