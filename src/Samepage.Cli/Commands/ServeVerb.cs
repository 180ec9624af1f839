using System.CommandLine;
using Samepage.Channels;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Serves: a command answers each request.</summary>
internal sealed class ServeVerb : Verb
{
    private readonly Argument<string> _name = new("NAME") { Description = "Name of the service; it is made if there is none." };
    private readonly Argument<string[]> _command = new("COMMAND")
    {
        Description = "The command and its arguments, after the options and --.",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<int?> _count = new("--count") { Description = "End when so many requests have been answered.", HelpName = "COUNT", CustomParser = Count.AtLeast(1) };
    private readonly Option<int?> _parallel = new("--parallel", "-p") { Description = "How many commands may run at one time. Default: one for each processor.", HelpName = "COUNT", CustomParser = Count.AtLeast(1) };
    private readonly ServiceSettings _settings = new();

    public ServeVerb(Session session)
        : base(session, "serve",
            "Serve until Ctrl+C: run a command for each request, with the request on its standard input; what it prints is the answer. When it ends with another code than 0 the call fails, " +
            "and the client is told the code and the end of the error output. When the client gives up, or its time has run out, the command is killed. " +
            "Several that serve the same name share the requests.",
            "samepage serve upper -- tr a-z A-Z",
            "samepage serve resize --parallel 2 --max-request 8M --max-answer 8M -- convert - -resize 50% png:-",
            "samepage serve once --count 1 -- sh -c 'read request; echo \"you said $request\"'")
    {
        Add(_name);
        Add(_count);
        Add(_parallel);
        _settings.AddTo(this);
        Add(_command);
    }

    protected override int Run(ParseResult line)
    {
        int parallel = line.GetValue(_parallel) ?? Environment.ProcessorCount;
        int? left = line.GetValue(_count);
        string[] command = line.GetRequiredValue(_command);
        using var service = Service.CreateOrOpen(line.GetRequiredValue(_name), _settings.Options(line));
        using ServiceServer server = service.Serve();
        Session.Terminal.Say(Shown.Invariant($"serving {Shown.Name(service.Name)} with {Shown.Text(command[0])}, up to {parallel:N0} at one time, until Ctrl+C"));
        int longest = ChannelInspector.Find(service.Name)?.LongestResponse ?? ServiceSettings.DefaultBytes;
        using var places = new SemaphoreSlim(parallel);
        try
        {
            for (; left is not 0; left--)
                Answer(server, places, request => ServedCommand.AnswerAsync(command, request, longest, Session.Ended));
        }
        finally
        {
            for (int i = 0; i < parallel; i++)
                places.Wait(CancellationToken.None);
        }
        return ExitCodes.Success;
    }

    /// <summary>Waits for a request and begins to answer it.</summary>
    private void Answer(ServiceServer server, SemaphoreSlim places, Func<ServiceRequest, Task<string?>> answer)
    {
        places.Wait(Session.Ended);
        ServiceRequest request;
        try
        {
            _ = server.TryTake(Timeout.InfiniteTimeSpan, out request, Session.Ended);
        }
        catch
        {
            _ = places.Release();
            throw;
        }
        _ = Task.Run(() => AnswerAsync(request, places, answer), CancellationToken.None);
    }

    private async Task AnswerAsync(ServiceRequest request, SemaphoreSlim places, Func<ServiceRequest, Task<string?>> answer)
    {
        try
        {
            if (await answer(request) is { } why)
                Session.Terminal.Remark($"a request failed: {Shown.Text(why)}");
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            Session.Terminal.Remark($"a request was not answered: {Shown.Text(e.Message)}");
        }
        finally
        {
            _ = places.Release();
        }
    }
}
