using Samepage.Bench.Harness;
using Samepage.Bench.Kestrel;
using Samepage.Bench.Rivals;

if (args is not [var jobText, var name, "first" or "second"])
{
    Console.Error.WriteLine("Usage: Samepage.Bench.Kestrel JOB NAME first|second");
    return 2;
}
var job = Job.Parse(jobText);
string path = Path.Combine(Path.GetTempPath(), $"{name}.socket");
if (args[2] == "first")
{
    // The server comes second: the first request finds it.
    using var client = new HttpExchange(path, job.Size);
    RivalLoop.Serve(job, first: true, () => new HttpEnd(client));
}
else
{
    await using WebServer server = await WebServer.StartAsync(path, job.Size);
    // Its own threads serve; only the client's times and memory count.
    PeerLoop.ServeLines(words => words[0] == RivalLoop.Times ? RivalLoop.NoTimes : "0 0");
}
return 0;
