import express from 'express';
import helmet from 'helmet';

/** A minimal program on the server's stack: Express, helmet, a JSON body and a fixed response. */
const app = express();
app.use(helmet());
app.use(express.json());
app.get('/health', (_request, response) => void response.json({ success: true }));
app.post('/', (request, response) => {
  response.json({ success: true, data: { fields: Object.keys(request.body as object).length } });
});
app.listen(Number(process.env.OPSTAGE_PORT), '127.0.0.1');
