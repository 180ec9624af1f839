using System.CommandLine;
using System.Text;
using Samepage.Channels;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Sends a request to a service and prints the answer.</summary>
internal sealed class CallVerb : Verb
{
    private readonly Argument<string> _name = Common.Name("Name of the service.");
    private readonly Argument<string?> _request = new("REQUEST")
    {
        Description = "The request. Without it, or with -, standard input to its end, byte for byte.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<TimeSpan?> _timeout = Common.Time("--timeout", "How long to wait for all of the answer at most; then the server is told that nobody wants it. Default: for ever.", ["-t"]);
    private readonly Option<bool> _stream = Common.Switch("--stream", "Ask for an answer in parts, of any length, and print each as it comes.");
    private readonly Option<bool> _retry = Common.Switch("--retry", "Should the server die or leave before it has answered, ask another one: the request may then be done twice.");

    public CallVerb(Session session)
        : base(session, "call",
            "Call a service: send a request to one of its servers, and print the answer, byte for byte. It waits for a server, should none be there. Ctrl+C cancels the call.",
            "samepage call upper 'make this loud'",
            "samepage call resize < a.png > b.png",
            "samepage call search error --stream --timeout 1m | head")
    {
        Add(_name);
        Arguments.Add(_request);
        Add(_timeout);
        Add(_stream);
        Add(_retry);
    }

    protected override int Run(ParseResult line)
    {
        TimeSpan timeout = line.GetValue(_timeout) ?? Timeout.InfiniteTimeSpan;
        using var service = Service.Open(line.GetRequiredValue(_name));
        using ServiceClient client = service.CreateClient();
        ReadOnlyMemory<byte> request = line.GetValue(_request) is { } text and not "-"
            ? MessageInput.Fitting(Encoding.UTF8.GetBytes(text), client.LongestRequest)
            : MessageInput.Whole("-", client.LongestRequest, Session.Ended);
        try
        {
            using Stream output = Terminal.OpenOutput();
            AnswerAsync(client, request, timeout, line, output).GetAwaiter().GetResult();
            return ExitCodes.Success;
        }
        catch (TimeoutException)
        {
            Session.Terminal.Remark(Shown.Invariant($"service {Shown.Name(service.Name)} has not answered within {timeout.TotalSeconds:0.###} s."));
            return ExitCodes.TimedOut;
        }
        catch (SharedObjectException e) when (e.Reason == FailureReason.CallFailed)
        {
            Session.Terminal.Remark($"the server could not answer: {Shown.Text(e.Message)}");
            return ExitCodes.Failure;
        }
    }

    private async Task AnswerAsync(ServiceClient client, ReadOnlyMemory<byte> request, TimeSpan timeout, ParseResult line, Stream output)
    {
        bool retry = line.GetValue(_retry);
        if (line.GetValue(_stream))
        {
            await foreach (ServiceResponse part in client.StreamAsync(request, timeout, retry, Session.Ended))
                Print(part.Span, output);
            return;
        }
        using ServiceResponse response = await client.CallAsync(request.Span, timeout, retry, Session.Ended);
        Print(response.Span, output);
    }

    private void Print(ReadOnlySpan<byte> answer, Stream output)
    {
        if (Session.Terminal.IsOutputTerminal)
            Terminal.RefuseUnprintable(answer);
        output.Write(answer);
        output.Flush();
    }
}
